import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from "fastify";
import { descriptionRoutes } from "../openapi/descriptionRoutes.ts";
import { networkOf } from "../service/networkOf.ts";
import { signerApi } from "./api/signerApi.ts";
import type { Authenticate } from "./auth/createAuthenticate.ts";
import type { Principal } from "./auth/Principal.ts";
import type { Sessions } from "./auth/createSessions.ts";
import type { Config } from "./config.ts";
import { allowOrigins } from "./http/allowOrigins.ts";
import type { RateLimit } from "./http/createRateLimit.ts";
import { answerUnknownPaths, guardRequests } from "./http/guards.ts";
import type { KeyAges } from "./keys/createKeyAges.ts";
import { parseBody } from "./http/parseBody.ts";
import { answerBrokenRequest, answerProblems } from "./http/problems.ts";
import type { SignerContext } from "./orders/SignerContext.ts";
import { adminRoutes } from "./routes/admin.ts";
import { exportRoutes } from "./routes/export.ts";
import { kycRoutes, referenceRoute } from "./routes/kyc.ts";
import { orderRoutes } from "./routes/orders.ts";
import { metricsRoute, usageRoute } from "./routes/watch.ts";
import { healthRoutes, launchRoute, statusRoute } from "./routes/service.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import type { ClientCounts } from "./watch/createClientCounts.ts";
import type { KeyWatch } from "./watch/createKeyWatch.ts";
import type { Metrics } from "./watch/createMetrics.ts";
import type { Turns } from "./watch/createTurns.ts";
import type { Secrets } from "./secrets/createSecrets.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it came, for signatures. */
    rawBody?: Buffer;
    principal?: Principal;
    /** The code of the refusal. */
    outcome?: string;
  }
}

export type AppParts = {
  context: SignerContext;
  sessions: Sessions;
  authenticate: Authenticate;
  rateLimit: RateLimit;
  siweDomains: readonly string[];
  corsOrigins: readonly string[];
  secrets: Pick<Secrets, "list">;
  /** Which of a provider's checks decide. */
  checks: Config["checks"];
  /** Addresses and networks whose X-Forwarded-… headers count. */
  trustedProxies: readonly string[];
  keyAges: KeyAges;
  quotasPerMinute: Config["quotasPerMinute"];
  counts: ClientCounts;
  keyWatch: Pick<KeyWatch, "used">;
  metrics: Pick<Metrics, "answered" | "kycEvent" | "text">;
  turns: Turns;
  requestTimeoutMs: number;
  logger: FastifyBaseLogger;
};

const BODY_LIMIT = 16 * 1024;

/** The HTTP application, not listening yet. */
export function createApp(parts: AppParts): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: parts.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: parts.requestTimeoutMs,
    connectionTimeout: parts.requestTimeoutMs * 6,
    trustProxy: parts.trustedProxies.length === 0 ? false : [...parts.trustedProxies],
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    http: {
      headersTimeout: parts.requestTimeoutMs,
      connectionsCheckingInterval: Math.ceil(parts.requestTimeoutMs / 10),
    },
    routerOptions: { maxParamLength: 100 },
    clientErrorHandler: answerBrokenRequest,
  });
  answerProblems(app, parts.turns);
  allowOrigins(app, parts.corsOrigins);
  guardRequests(app, { httpsOnly: parts.trustedProxies.length > 0 });
  answerUnknownPaths(app);
  watchAnswers(app, parts);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (request: FastifyRequest, raw: Buffer) => {
      request.rawBody = raw;
      return raw.length === 0 ? undefined : parseBody(raw);
    },
  );

  const { context } = parts;
  healthRoutes(app, context);
  metricsRoute(app, parts.metrics);
  descriptionRoutes(app, signerApi);
  app.register(async (open) => {
    open.addHook("preHandler", async (request, reply) => {
      await limitAddress(parts, request, reply, await context.now());
    });
    launchRoute(open, context);
    statusRoute(open, parts);
    sessionRoutes(open, context, { sessions: parts.sessions, domains: parts.siweDomains });
    kycRoutes(open, context, parts);
    exportRoutes(open, context, parts.secrets);
    adminRoutes(open, context, { watch: parts.keyWatch, counts: parts.counts });
  });
  app.register(async (known) => {
    known.addHook("preHandler", async (request, reply) => {
      const now = await context.now();
      try {
        request.principal = await parts.authenticate(request, now);
      } catch (error) {
        await limitAddress(parts, request, reply, now);
        throw error;
      }
      const { principal } = request;
      // Wallets cost nothing: whoever is not known to be a person counts with its network too.
      if (principal.kind === "buyer" && !principal.isApproved) await limitAddress(parts, request, reply, now);
      const perMinute = await context.limits.requestsPerMinute();
      if (principal.kind === "partner") parts.keyWatch.used(`partner ${principal.keyId}`, request.ip);
      await parts.rateLimit({ client: `principal ${principal.id}`, perMinute, now, reply });
    });
    orderRoutes(known, context);
    referenceRoute(known, context);
    usageRoute(known, parts.counts);
  });
  return app;
}

/** Whoever has one IPv6 address has the 2^64 of its /64. */
const ONE_CLIENT = { v4: 32, v6: 64 } as const;

async function limitAddress(
  { rateLimit, context }: AppParts,
  request: FastifyRequest,
  reply: Parameters<RateLimit>[0]["reply"],
  now: number,
): Promise<void> {
  const perMinute = await context.limits.requestsPerMinuteOfAddress();
  await rateLimit({ client: `address ${networkOf(request.ip, ONE_CLIENT)}`, perMinute, now, reply });
}

/** What was asked and how it ended, in log, metrics and the client's own counts; no wallet, no address, no body. */
function watchAnswers(app: FastifyInstance, { metrics, counts, keyWatch }: AppParts): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions, principal, outcome } = request;
    const [route, status] = [routeOptions.url ?? "none", reply.statusCode];
    const ms = Math.round(reply.elapsedTime);
    request.log.info(
      { method, route, status, ms, ...(outcome === undefined ? {} : { code: outcome }) },
      "answered",
    );
    metrics.answered({ route, status, code: outcome ?? "", seconds: reply.elapsedTime / 1000 });

    const replayed = reply.hasHeader("idempotency-replayed");
    const passed = replayed ? "replayed" : status === 201 ? "issued" : "answered";
    if (status === 201 && principal !== undefined) keyWatch.used("signing");
    if (principal !== undefined) counts.count(principal.id, outcome ?? passed);
  });
}
