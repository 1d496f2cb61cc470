import type { FastifyInstance } from "fastify";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { SaleRequest } from "./app.ts";
import type { Documents } from "./documents.ts";
import { readInput } from "./input.ts";
import { updatesRss } from "./updatesRss.ts";

/** What was signed about the sales, for reading. */
export function addDocumentRoutes(
  app: FastifyInstance,
  {
    documents,
    records,
    base,
    recordOf,
  }: {
    documents: Documents;
    records: readonly LaunchRecord[];
    /** Of links; never what a request says of its host. */
    base: string;
    recordOf: (request: SaleRequest) => LaunchRecord;
  },
): void {
  app.get("/v1/criteria", async () => {
    const [record] = records;
    const { criteria } = record === undefined ? { criteria: null } : await documents.of(record);
    if (criteria === null) throw indexerError("document-unknown", "");
    return criteria;
  });

  app.get("/v1/sales/:sale/documents", (request: SaleRequest) => documents.of(recordOf(request)));

  app.get("/v1/sales/:sale/updates.rss", async (request: SaleRequest, reply) => {
    const input = readInput(request.query);
    const language = input.text("language", 'a language, such as "en"', /^[a-zA-Z-]{2,35}$/) ?? "en";
    input.done();
    const record = recordOf(request);
    const { updates } = await documents.of(record);
    return reply
      .type("application/rss+xml; charset=utf-8")
      .send(updatesRss({ record, updates, language, base }));
  });
}
