import type { FastifyInstance } from "fastify";
import { describeApi, type Api } from "./describeApi.ts";
import { readerPage } from "./readerPage.ts";

/** What this API is, for programs and for people. */
export function descriptionRoutes(app: FastifyInstance, api: Api): void {
  const document = JSON.stringify(describeApi(api));
  const page = readerPage(api);
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
