import { zeroAddress, type Hex } from "viem";
import { blockAt, headerOf, type BlockRef } from "../chain/blocks.ts";
import type { Clock } from "../chain/clock.ts";
import type { Finality } from "../chain/finality.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { RpcSource } from "../chain/rpcSource.ts";
import type { SaleStats } from "../sdk/indexerApi.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { compareStanding } from "./createReplay.ts";
import { difference, type Difference } from "./Difference.ts";
import { HEAD_TRIES, orUnknown, PAUSE_MS, statsAtHead } from "./headTries.ts";
import { readStanding } from "./readAgreed.ts";
import { readSale } from "./readSale.ts";

type Tips = {
  pool: RpcPool;
  sources: readonly RpcSource[];
  /** What the indexer says now. */
  statsNow: () => Promise<SaleStats>;
  clock: Clock;
};

/** Looks, and the pause between two, until the nodes have finalised what the indexer has. */
const FINAL_TRIES = 30;
const FINAL_PAUSE_MS = 500;
const AHEAD =
  "Wait until the nodes have finalised it, and reconcile again. Where they do not, compare the block with an explorer; the indexer's `resync all` makes its copy anew.";

/** The block that the indexer holds as final must be one that every node has, and holds as final. */
export async function compareAnchor({
  pool,
  sources,
  finality,
  statsNow,
  clock,
}: Tips & { finality: Finality }): Promise<Difference[]> {
  for (let tries = 1; ; tries++) {
    const { finalised } = await statsNow();
    const { number } = finalised;
    if (number < 0) return [];
    const told = await Promise.all(
      sources.map(async (source) => {
        const { final } = await readStanding(pool, source, finality);
        const header = headerOf((await pool.ask(source, [blockAt(number)]))[0]);
        return { final, block: header === undefined ? undefined : inWords(header) };
      }),
    );
    const field = `block ${number}`;
    const final = Math.min(...told.map((one) => one.final));
    if (final >= number) {
      return [...new Set(told.map(({ block }) => block ?? "no such block"))]
        .filter((block) => block !== inWords(finalised))
        .map((block) => difference("indexer-forked", field, inWords(finalised), block, { block: number }));
    }
    if (tries >= FINAL_TRIES) {
      const where = { block: number, wayOut: AHEAD };
      return [difference("indexer-forked", field, "final", `final up to block ${final}`, where)];
    }
    await clock.sleep(FINAL_PAUSE_MS);
  }
}

/** Where the indexer says the sale stands, and when, at its head; `listed` as in `compareStanding`. */
export async function compareHead(
  tips: Tips & { record: LaunchRecord; listed: Hex | undefined },
): Promise<Difference[]> {
  const { pool, sources, record, listed, clock } = tips;
  for (let tries = 1; ; tries++) {
    const held = await statsAtHead(tips);
    if ("unknown" in held) return [held.unknown];
    const { stats } = held;
    const { number, hash, time } = stats.head;
    const where = { block: number };
    const found = await Promise.all(
      sources.map(async (source) => {
        const header = headerOf((await pool.ask(source, [blockAt(number)]))[0]);
        const view = await orUnknown(readSale(pool, source, record, hash));
        if (header === undefined || view === undefined) return undefined;
        const standing = compareStanding(stats, view, listed);
        if (header.time !== time) {
          standing.push(difference("state-differs", "the head's time", time, header.time, where));
        }
        // Zero where the venue bears it in the listing.
        if (stats.token !== zeroAddress && stats.token !== view.token) {
          standing.push(difference("token-differs", "the indexer's token", stats.token, view.token, where));
        }
        return standing;
      }),
    );
    const known = found.filter((one) => one !== undefined);
    if (known.length === sources.length) return unique(known.flat());
    if (tries >= HEAD_TRIES) {
      return [
        difference("state-differs", "head", `block ${number}, ${hash}`, "a block whose state every node has"),
      ];
    }
    await clock.sleep(PAUSE_MS);
  }
}

function inWords({ hash, time }: BlockRef): string {
  return `${hash}, time ${time}`;
}

/** What several nodes say in the same words is said once. */
function unique(differences: readonly Difference[]): Difference[] {
  return [...new Map(differences.map((one) => [JSON.stringify(one), one])).values()];
}
