import type { FastifyInstance } from "fastify";
import { stringify } from "../../sdk/json.ts";
import type { ServiceStatus } from "../../sdk/serviceStatus.ts";
import type { SignerLaunch } from "../../sdk/signerApi.ts";
import type { AppParts } from "../app.ts";
import { readStop } from "../operators/stopSwitch.ts";
import type { SignerContext } from "../orders/SignerContext.ts";

/** Health and readiness, for whoever watches the service; cheap, so without a limit. */
export function healthRoutes(app: FastifyInstance, { readiness }: SignerContext): void {
  app.get("/healthz", () => ({ status: "ok" }));

  app.get("/readyz", async (_request, reply) => {
    const body = await readiness.check();
    return reply.code(body.ready ? 200 : 503).send(body);
  });
}

/** Which launch this is; nobody needs to sign in. */
export function launchRoute(app: FastifyInstance, { pool, record, chain, key }: SignerContext): void {
  app.get("/v1/launch", async (_request, reply) => {
    const { chainId, sale, termsHash, policyHash, policy } = record;
    const [chainTime, stopped] = [Number((await chain.head()).timestamp), await readStop(pool)];
    const body: SignerLaunch = {
      chainId,
      sale,
      termsHash,
      policyHash,
      policy,
      signer: key.address,
      chainTime,
      ...(stopped === undefined ? {} : { stopped }),
    };
    return reply.type("application/json; charset=utf-8").send(stringify(body));
  });
}

/** What `launch doctor` compares; answers without its head where no node does. */
export function statusRoute(app: FastifyInstance, parts: AppParts): void {
  const { record, chain, key, now, limits } = parts.context;
  const { chainId, sale, termsHash, policyHash } = record;
  const settled = {
    ...{ chainId, sales: [{ sale, termsHash, policyHash }], signer: key.address },
    ...(parts.quotasPerMinute === undefined ? {} : { quotasPerMinute: parts.quotasPerMinute }),
    ...{ origins: [...parts.corsOrigins], loginDomains: [...parts.siweDomains] },
    behindProxy: parts.trustedProxies.length > 0,
  };

  app.get("/v1/status", async (): Promise<ServiceStatus> => {
    const [clock, head] = await Promise.all([now(), chain.head().catch(() => undefined)]);
    const [client, address] = await Promise.all([
      limits.requestsPerMinute(),
      limits.requestsPerMinuteOfAddress(),
    ]);
    return {
      ...{ ...settled, clock: Math.floor(clock) },
      requestsPerMinute: { client, address },
      ...(head === undefined ? {} : { head: { number: Number(head.number), time: Number(head.timestamp) } }),
      keyAgesDays: await parts.keyAges(clock),
    };
  });
}
