import { blockAt, headerOf } from "../chain/blocks.ts";
import type { Clock } from "../chain/clock.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { RpcSource } from "../chain/rpcSource.ts";
import type { SaleStats } from "../sdk/indexerApi.ts";
import { SlipwayError } from "../sdk/problem.ts";

import { difference, type Difference } from "./Difference.ts";

/** Looks at a head that moves, or that the nodes do not have yet, and the pause between two. */
export const HEAD_TRIES = 10;
export const PAUSE_MS = 200;

/** Undefined where the nodes do not have the block that is asked about. */
export async function orUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "rpc-refused") return undefined;
    throw error;
  }
}

/** How often the nodes are looked at for a head of the indexer: some are a little behind. */
const HOLD_TRIES = 25;

/** The indexer at a head that every node has; a difference where that never is. */
export async function statsAtHead({
  pool,
  sources,
  statsNow,
  clock,
}: {
  pool: RpcPool;
  sources: readonly RpcSource[];
  statsNow: () => Promise<SaleStats>;
  clock: Clock;
}): Promise<{ stats: SaleStats } | { unknown: Difference }> {
  let stats = await statsNow();
  for (let tries = 1; ; tries++) {
    const { number, hash } = stats.head;
    const held = await Promise.all(
      sources.map(async (source) => headerOf((await pool.ask(source, [blockAt(number)]))[0])?.hash),
    );
    if (held.every((one) => one === hash)) return { stats };
    if (tries >= HOLD_TRIES) {
      const wanted = "a block that every node has";
      return { unknown: difference("state-differs", "head", `block ${number}, ${hash}`, wanted) };
    }
    // Another block there: one of the two was reorganised.
    if (held.some((one) => one !== undefined && one !== hash)) stats = await statsNow();
    await clock.sleep(PAUSE_MS);
  }
}
