import { createKeccak } from "hash-wasm";
import type { Hex } from "viem";
import type { Replayed } from "../sdk/replay.ts";
import { amountOf, ENTRY_SIZE, FIELD, kindOf, type PackedEntries } from "./packedEntries.ts";

const keccak = await createKeccak(256);
/** The six words of an entry, as `abi.encode` lays them out; what a word leaves free stays zero. */
const words = Buffer.alloc(192);
const HISTORY_SIZE = 19;

export type PackedReplay =
  { ok: true; after: Replayed } | { ok: false; index: number; sequence: number; got: Hex };

/** As `replayEntry` for each, ten times as fast; ends at the first whose own history is another. */
export function replayPacked(before: Replayed, entries: PackedEntries): PackedReplay {
  const { bytes, count } = entries;
  let { raised } = before;
  words.write(before.history.slice(2), 0, "hex");

  for (let index = 0; index < count; index++) {
    const at = index * ENTRY_SIZE;
    words[63] = bytes[at + FIELD.kind] ?? 0;
    bytes.copy(words, 76, at + FIELD.buyer, at + FIELD.nonce);
    bytes.copy(words, 120, at + FIELD.nonce, at + FIELD.amount);
    // The amount and, from the next byte on, the order.
    bytes.copy(words, 144, at + FIELD.amount, at + FIELD.history);
    words.set(keccak.init().update(words).digest("binary").subarray(0, HISTORY_SIZE));
    if (words.compare(bytes, at + FIELD.history, at + FIELD.kind, 0, HISTORY_SIZE) !== 0) {
      return { ok: false, index, sequence: before.sequence + index + 1, got: historyNow() };
    }
    const kind = kindOf(entries, index);
    if (kind === "purchase") raised += amountOf(entries, index);
    else if (kind !== "invalidate") raised -= amountOf(entries, index);
  }
  return { ok: true, after: { sequence: before.sequence + count, history: historyNow(), raised } };
}

function historyNow(): Hex {
  return `0x${words.toString("hex", 0, HISTORY_SIZE)}`;
}
