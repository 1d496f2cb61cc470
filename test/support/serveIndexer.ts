import { createApp, type AppOptions } from "../../src/indexer/app.ts";
import { createDocuments, type Documents } from "../../src/indexer/documents.ts";
import { createStatus, type Status } from "../../src/indexer/status.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { instantClock, type indexerUnderTest } from "./indexerUnderTest.ts";

/** The indexer's API over HTTP, on the copy of an indexer under test; `status` is what its writer would say. */
export async function serveIndexer(
  { queries }: Awaited<ReturnType<typeof indexerUnderTest>>,
  records: readonly LaunchRecord[],
  documents: Documents = createDocuments({ records, folder: undefined, clock: instantClock() }),
  more: Partial<AppOptions> = {},
): Promise<{ url: string; status: Status; serves: (path: string) => boolean; close: () => Promise<void> }> {
  const status = createStatus();
  status.behind = false;
  const app = createApp({
    ...{ queries, documents, records, status, clock: instantClock(), corsOrigins: [] },
    changes: { subscribe: () => () => undefined, stop: () => Promise.resolve() },
    ...more,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    status,
    serves: (path) => app.hasRoute({ method: "GET", url: path }),
    close: async () => {
      await app.close();
    },
  };
}
