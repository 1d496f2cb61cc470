import type { Hex } from "viem";
import type { EntryProof } from "./indexerApi.ts";
import { replayEntry } from "./replay.ts";

/**
 * Whether the first entry of a proof is part of the history that ends in `history`: asked of the sale by the reader, as
 * `Sale.history()`, where the proof is complete. Nothing else of the proof is believed.
 */
export function checkEntryProof({ before, entries }: EntryProof, history: Hex): boolean {
  let replayed = { ...before, raised: 0n };
  for (const { kind, buyer, nonce, amount, orderId, sequence } of entries) {
    if (sequence !== replayed.sequence + 1) return false;
    replayed = replayEntry(replayed, { kind, buyer, nonce: BigInt(nonce), amount: BigInt(amount), orderId });
  }
  return entries.length > 0 && replayed.history === history;
}
