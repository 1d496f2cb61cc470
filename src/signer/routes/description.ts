import type { FastifyInstance } from "fastify";
import { describeApi } from "../api/describe.ts";
import { readerPage } from "../api/readerPage.ts";

/** What this API is, for programs and for people. */
export function descriptionRoutes(app: FastifyInstance): void {
  const document = JSON.stringify(describeApi());
  const page = readerPage();
  app.get("/openapi.json", async (_request, reply) =>
    reply.type("application/json; charset=utf-8").send(document),
  );
  app.get("/docs", async (_request, reply) =>
    reply
      .headers({
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        "x-content-type-options": "nosniff",
      })
      .type("text/html; charset=utf-8")
      .send(page),
  );
}
