import type { FastifyInstance } from "fastify";
import { signerError } from "../../sdk/signerErrors.ts";
import type { ClientCounts } from "../watch/createClientCounts.ts";
import type { Metrics } from "../watch/createMetrics.ts";

/** For Prometheus; nothing in it is about a person or a client. */
export function metricsRoute(app: FastifyInstance, metrics: Pick<Metrics, "text">): void {
  app.get("/metrics", async (_request, reply) => {
    const { type, body } = await metrics.text();
    return reply.type(type).send(body);
  });
}

/** How one's own requests ended. */
export function usageRoute(app: FastifyInstance, counts: ClientCounts): void {
  app.get("/v1/usage", async ({ principal }) => {
    if (principal === undefined) throw signerError("session-required");
    return { client: principal.id, days: await counts.read(principal.id) };
  });
}
