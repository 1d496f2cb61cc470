import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from "fastify";
import { descriptionRoutes } from "../openapi/descriptionRoutes.ts";
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
import { kycRoutes } from "./routes/kyc.ts";
import { orderRoutes } from "./routes/orders.ts";
import { healthRoutes, launchRoute, PEOPLE_AN_ADDRESS, statusRoute } from "./routes/service.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import type { Secrets } from "./secrets/createSecrets.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it came, for signatures. */
    rawBody?: Buffer;
    principal?: Principal;
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
  /** Addresses and networks whose X-Forwarded-… headers count. */
  trustedProxies: readonly string[];
  keyAges: KeyAges;
  quotasPerMinute: Config["quotasPerMinute"];
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
  answerProblems(app);
  allowOrigins(app, parts.corsOrigins);
  guardRequests(app, { httpsOnly: parts.trustedProxies.length > 0 });
  answerUnknownPaths(app);
  logAnswers(app);

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
  descriptionRoutes(app, signerApi);
  app.register(async (open) => {
    open.addHook("preHandler", async (request, reply) => {
      await limitAddress(parts, request, reply, await context.now());
    });
    launchRoute(open, context);
    statusRoute(open, parts);
    sessionRoutes(open, context, { sessions: parts.sessions, domains: parts.siweDomains });
    kycRoutes(open, context, parts.secrets);
    exportRoutes(open, context, parts.secrets);
    adminRoutes(open, context);
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
      const perMinute = Number(context.record.policy.requestsPerMinute);
      await parts.rateLimit({ client: `principal ${request.principal.id}`, perMinute, now, reply });
    });
    orderRoutes(known, context);
  });
  return app;
}

async function limitAddress(
  { rateLimit, context }: AppParts,
  request: FastifyRequest,
  reply: Parameters<RateLimit>[0]["reply"],
  now: number,
): Promise<void> {
  const perMinute = Number(context.record.policy.requestsPerMinute) * PEOPLE_AN_ADDRESS;
  await rateLimit({ client: `address ${request.ip}`, perMinute, now, reply });
}

/** What was asked and how it ended; no wallet, no address, no body. */
function logAnswers(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    request.log.info({ method, route: routeOptions.url ?? "none", status: reply.statusCode, ms }, "answered");
  });
}
