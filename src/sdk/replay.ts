import type { Address, Hex } from "viem";
import { historyNext, historyStart, type HistoryEntry } from "./history.ts";

/** Where the replay of a sale's history stands. */
export type Replayed = {
  /** Entries so far. */
  sequence: number;
  /** The running hash, 19 bytes. */
  history: Hex;
  /** Money in positions, currency base units. */
  raised: bigint;
};

/** Before any entry. */
export function replayStart(sale: { chainId: number; sale: Address; termsHash: Hex }): Replayed {
  return { sequence: 0, history: historyStart(sale), raised: 0n };
}

/** After one more entry; the caller compares `history` with what the entry's event carried. */
export function replayEntry(before: Replayed, entry: HistoryEntry, next = historyNext): Replayed {
  return {
    sequence: before.sequence + 1,
    history: next(before.history, entry),
    raised: before.raised + moneyOf(entry),
  };
}

/** What an entry adds to the money in positions: positive for purchases, negative for exits. */
export function moneyOf(entry: HistoryEntry): bigint {
  if (entry.kind === "purchase") return entry.amount;
  if (entry.kind === "invalidate") return 0n;
  return -entry.amount;
}
