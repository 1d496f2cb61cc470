import type { Address } from "viem";
import type { Clock } from "../chain/clock.ts";
import type { IndexerReadiness } from "../sdk/indexerApi.ts";
import { indexerErrors, type IndexerErrorCode } from "../sdk/indexerErrors.ts";
import type { Queries } from "./queries.ts";
import type { Status } from "./status.ts";

type Check = IndexerReadiness["checks"][number];

/** Longest time without a pass that reached a node, and the largest skew between clock and chain. */
const STALE_MS = 60_000;
const MOST_SKEW_SECONDS = 30;

/** May this copy be trusted to be complete and current? */
export async function readiness({
  queries,
  addresses,
  status,
  clock,
  local,
}: {
  queries: Queries;
  addresses: readonly Address[];
  status: Status;
  clock: Clock;
  /** A local chain has a clock of its own. */
  local: boolean;
}): Promise<IndexerReadiness> {
  const checks: Check[] = [];
  try {
    for (const stats of await queries.sales(addresses, status.behind)) {
      const { sale, status: now, reason, wayOut } = stats;
      checks.push({
        name: `sale ${sale}`,
        ok: now === "live",
        got: reason === undefined ? now : `${now}: ${reason}`,
        wanted: "live",
        ...(wayOut === undefined ? {} : { wayOut }),
      });
    }
    checks.unshift({ name: "database", ok: true });
  } catch {
    checks.unshift({ name: "database", ok: false, got: "no answer", wayOut: "Check the database." });
  }

  const { failure, head } = status;
  // In our words only: a node's own, which the log has, may hold a URL with a key.
  checks.push(
    failure === undefined
      ? { name: "chain", ok: true }
      : {
          ...{ name: "chain", ok: false, wayOut: failure.wayOut },
          got: `${failure.code}: ${indexerErrors[failure.code as IndexerErrorCode].title}`,
        },
  );
  if (status.writing && head !== undefined) {
    const age = clock.now() - head.seenAt;
    checks.push({
      name: "polling",
      ok: age <= STALE_MS,
      got: `${String(Math.round(age / 1000))} s ago`,
      wanted: "≤ 60 s ago",
    });
    // A head from the future is a wrong clock; one from the past may be a slow chain.
    const skew = head.time - clock.now() / 1000;
    if (!local) {
      checks.push({
        name: "clock",
        ok: skew <= MOST_SKEW_SECONDS,
        got: `${String(Math.round(skew))} s`,
        wanted: "≤ 30 s",
        wayOut: "Set this machine's clock.",
      });
    }
  }
  return { ready: checks.every(({ ok }) => ok), checks };
}
