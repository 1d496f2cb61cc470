import { createKeccak } from "hash-wasm";
import type { Hex } from "viem";
import { historyKinds, type HistoryEntry } from "../sdk/history.ts";

const keccak = await createKeccak(256);
/** The six words of an entry, as `abi.encode` lays them out; what a word leaves free stays zero. */
const words = Buffer.alloc(192);

/** As `historyNext`, ten times as fast: a backfill hashes every entry there has ever been. */
export function fastHistoryNext(history: Hex, { kind, buyer, nonce, amount, orderId }: HistoryEntry): Hex {
  words.write(history.slice(2), 0, "hex");
  words[63] = historyKinds.indexOf(kind);
  words.write(buyer.slice(2), 76, "hex");
  words.write(nonce.toString(16).padStart(64, "0"), 96, "hex");
  words.write(amount.toString(16).padStart(64, "0"), 128, "hex");
  if (kind === "purchase") words.write(orderId.slice(2), 160, "hex");
  else words.fill(0, 160);
  return `0x${keccak.init().update(words).digest("hex").slice(0, 38)}`;
}
