import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import { useLaunch } from "./LaunchContext.tsx";
import { CHAIN } from "./useSale.ts";

const ASK_MS = 10_000;
const RETRY_MS = 3_000;
/** Least time between two looks at what the copy has besides its stats. */
const LOOK_MS = 1_000;

/**
 * The indexer's stats, pushed by its event stream and asked for now and then to see whether it is there. Each event has
 * the chain read again, so what is shown never rests on the copy; chart and concentration, which do, follow.
 */
export function useIndexer() {
  const { config } = useLaunch();
  const queries = useQueryClient();
  const indexer = useMemo(() => createIndexerClient({ url: config.indexerUrl }), [config]);
  const queryKey = useMemo(() => ["indexer", config.sale], [config]);

  useEffect(() => {
    const stop = new AbortController();
    let next: ReturnType<typeof setTimeout> | undefined;
    const lookSoon = (): void => {
      next ??= setTimeout(() => {
        next = undefined;
        for (const what of ["chart", "concentration"]) {
          void queries.invalidateQueries({ queryKey: [what, config.sale] });
        }
      }, LOOK_MS);
    };
    async function follow(): Promise<void> {
      for await (const event of indexer.events(config.sale, { signal: stop.signal })) {
        if (event.event === "stats") queries.setQueryData(queryKey, event.data);
        void queries.invalidateQueries({ queryKey: [CHAIN] });
        lookSoon();
      }
    }
    async function followAlways(): Promise<void> {
      while (!stop.signal.aborted) {
        // Why it does not answer is what the query below finds out and shows.
        await follow().catch(() => undefined);
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
    void followAlways();
    return () => {
      clearTimeout(next);
      stop.abort();
    };
  }, [config, indexer, queries, queryKey]);

  return useQuery({
    queryKey,
    queryFn: () => indexer.sale(config.sale),
    refetchInterval: ASK_MS,
  });
}
