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
  record: Pick<LaunchRecord, "sale" | "termsHash">;
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
export function compareReadiness(
  stats: SaleStats,
  { termsHash }: Pick<LaunchRecord, "termsHash">,
  block: BlockRef,
): Difference[] {
  if (stats.termsHash !== termsHash) {
    return [difference("terms-differ", "the indexer's termsHash", stats.termsHash, termsHash)];
  }
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
