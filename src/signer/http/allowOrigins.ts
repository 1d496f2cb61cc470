import type { FastifyInstance } from "fastify";

/** CORS for the pages of the launch: the listed origins may call with a bearer token; there are no cookies. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("vary", "Origin");
    const { origin } = request.headers;
    if (origin === undefined || !origins.includes(origin)) return;
    void reply.headers({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": "Idempotency-Replayed, Retry-After, RateLimit, RateLimit-Policy",
    });
    if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined)
      return;
    await reply
      .headers({
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key",
        "access-control-max-age": "600",
      })
      .code(204)
      .send();
  });
}
