import type { FastifyInstance } from "fastify";
import { stringify } from "../../sdk/json.ts";
import type { SignerLaunch } from "../../sdk/signerApi.ts";
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
    const [chainTime, stopped] = [Number(await chain.time()), await readStop(pool)];
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
