import type { Hex } from "viem";
import type { EntryJson, SaleStats } from "../sdk/indexerApi.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { replayEntry, replayStart, type Replayed } from "../sdk/replay.ts";
import { difference, type Difference } from "./Difference.ts";
import type { SaleView } from "./readSale.ts";

/** What the entries add up to. */
export type CopyTotals = Replayed & { purchases: number; withdrawals: number };

/** The entries one after the other; nothing of them is kept. */
export type Replay = {
  add: (entry: EntryJson) => Difference[];
  totals: () => CopyTotals;
};

/**
 * Replays the copy from the sale's own start. After an entry that does not fit it goes on from the hash the entry says,
 * so that each wrong entry is told once, at its place.
 */
export function createReplay(record: Pick<LaunchRecord, "chainId" | "sale" | "termsHash">): Replay {
  let totals: CopyTotals = { ...replayStart(record), purchases: 0, withdrawals: 0 };

  return {
    totals: () => totals,
    add(entry) {
      const { kind, buyer, orderId, sequence } = entry;
      const where = { block: entry.block.number, transaction: entry.transaction };
      const found: Difference[] = [];

      const wanted = totals.sequence + 1;
      if (sequence !== wanted) found.push(difference("entry-missing", "sequence", sequence, wanted, where));
      const after = replayEntry(totals, {
        ...{ kind, buyer, orderId },
        ...{ nonce: BigInt(entry.nonce), amount: BigInt(entry.amount) },
      });
      // After a gap the hash cannot fit: that is one difference, not two.
      if (sequence === wanted && after.history !== entry.history) {
        found.push(
          difference("entry-changed", `entry ${sequence}, history`, after.history, entry.history, where),
        );
      }

      totals = {
        ...{ sequence, history: entry.history, raised: after.raised },
        purchases: totals.purchases + (kind === "purchase" ? 1 : 0),
        withdrawals: totals.withdrawals + (kind === "withdraw" ? 1 : 0),
      };
      return found;
    },
  };
}

/** The entries up to a block against the sale itself at that block. */
export function compareWithSale(copy: CopyTotals, view: SaleView, block: number): Difference[] {
  return [
    ...(copy.history === view.history
      ? []
      : [difference("history-differs", "history", copy.history, view.history, { block })]),
    ...(copy.raised === view.raised
      ? []
      : [difference("sum-differs", "raised", copy.raised, view.raised, { block })]),
  ];
}

/** What the indexer says of the copy in one line against its entries. */
export function compareWithStats(stats: SaleStats, copy: CopyTotals): Difference[] {
  const pairs: [field: string, got: string, wanted: string][] = [
    ["entries", String(stats.entries), String(copy.sequence)],
    ["history", stats.history, copy.history],
    ["raised", stats.raised, String(copy.raised)],
    ["purchases", String(stats.purchases), String(copy.purchases)],
    ["withdrawals", String(stats.withdrawals), String(copy.withdrawals)],
  ];
  return pairs
    .filter(([, got, wanted]) => got !== wanted)
    .map(([field, got, wanted]) =>
      difference("sum-differs", `the indexer's ${field}`, got, wanted, { block: stats.head.number }),
    );
}

/**
 * Where the indexer says the sale stands, at its head, against the sale itself; `listed` is the pool's id, where the sale
 * told one.
 */
export function compareStanding(
  stats: SaleStats,
  { phase, settledAt, listedAt }: Pick<SaleView, "phase" | "settledAt" | "listedAt">,
  listed: Hex | undefined,
): Difference[] {
  const time = (at: bigint) => (at === 0n ? "not yet" : String(at));
  const pool: [string, string, string] = [
    ...(["pool", stats.pool ?? "none"] as const),
    listedAt === 0n ? "none" : (listed ?? "none"),
  ];
  const pairs: [field: string, got: string, wanted: string][] = [
    ["phase", stats.phase, phase],
    ["settledAt", String(stats.settledAt ?? "not yet"), time(settledAt)],
    ["listedAt", String(stats.listedAt ?? "not yet"), time(listedAt)],
    ...(listedAt > 0n && listed === undefined ? [] : [pool]),
  ];
  return pairs
    .filter(([, got, wanted]) => got !== wanted)
    .map(([field, got, wanted]) =>
      difference("state-differs", field, got, wanted, { block: stats.head.number }),
    );
}
