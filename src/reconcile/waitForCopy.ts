import type { BlockRef } from "../chain/blocks.ts";
import type { Clock } from "../chain/clock.ts";
import type { SaleStats } from "../sdk/indexerApi.ts";
import type { IndexerClient } from "../sdk/indexerClient.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { difference, type Difference } from "./Difference.ts";

const TRIES = 150;
const PAUSE_MS = 100;

/** Waits a while until the copy is live and has the block; says what holds it where it has not. */
export async function waitForCopy({
  indexer,
  record,
  block,
  clock,
}: {
  indexer: IndexerClient;
  record: LaunchRecord;
  block: BlockRef;
  clock: Clock;
}): Promise<{ stats: SaleStats; differences: Difference[] }> {
  for (let tries = 1; ; tries++) {
    const stats = await indexer.sale(record.sale);
    const differences = compareReadiness(stats, record, block);
    const waits = differences.length > 0 && differences.every(({ code }) => code === "indexer-behind");
    if (!waits || tries >= TRIES) return { stats, differences };
    await clock.sleep(PAUSE_MS);
  }
}

/** Pure: why the copy cannot be compared at the block. */
export function compareReadiness(stats: SaleStats, record: LaunchRecord, block: BlockRef): Difference[] {
  const other = compareRecord(stats, record);
  if (other.length > 0) return other;
  if (stats.status === "quarantined" || stats.status === "halted") {
    const { reason = "", wayOut } = stats;
    return [
      difference("indexer-stopped", stats.status, reason, "live", wayOut === undefined ? {} : { wayOut }),
    ];
  }
  if (stats.head.number >= block.number && stats.status === "live") return [];
  return [
    difference(
      "indexer-behind",
      "the indexer's head",
      `block ${stats.head.number}, ${stats.status}`,
      `block ${block.number}, live`,
      { block: block.number },
    ),
  ];
}

/** What the indexer tells of the launch by its own record; its token is compared with the sale. */
function compareRecord(stats: SaleStats, record: LaunchRecord): Difference[] {
  const { softCap, hardCap, opensAt, closesAt } = record.terms.sale;
  const { chainId, sale, currency, termsHash, startBlock } = record;
  const wanted = {
    chainId,
    sale,
    currency,
    termsHash,
    startBlock,
    softCap,
    hardCap,
    opensAt,
    closesAt,
  };
  return (Object.keys(wanted) as (keyof typeof wanted)[])
    .filter((key) => String(stats[key]) !== String(wanted[key]))
    .map((key) =>
      difference("terms-differ", `the indexer's ${key}`, String(stats[key]), String(wanted[key])),
    );
}
