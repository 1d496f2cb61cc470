import type { Hex } from "viem";
import {
  amountOf,
  ENTRY_SIZE,
  FIELD,
  hexAt,
  kindOf,
  nonceOf,
  type PackedEntries,
} from "../chain/packedEntries.ts";
import type { OtherEvent } from "../chain/saleEvents.ts";
import { LAST_NONCE } from "../sdk/history.ts";

/** What events change in one buyer's position; sums but for `nonce`, which is the new one or zero for none. */
export type PositionDelta = {
  buyer: Hex;
  paid: bigint;
  nonce: bigint;
  ejected: bigint;
  claimed: bigint;
  refunded: bigint;
  purchases: bigint;
};

export function positionDeltas(entries: PackedEntries, others: readonly OtherEvent[]): PositionDelta[] {
  const deltas = new Map<string, PositionDelta>();
  const deltaOf = (key: string, buyer: () => Hex): PositionDelta => {
    const known = deltas.get(key);
    if (known !== undefined) return known;
    const delta = {
      ...{ buyer: buyer(), paid: 0n, nonce: 0n, ejected: 0n, claimed: 0n, refunded: 0n, purchases: 0n },
    };
    deltas.set(key, delta);
    return delta;
  };

  for (let index = 0; index < entries.count; index++) {
    const at = index * ENTRY_SIZE + FIELD.buyer;
    // Its bytes as they are: the many repeat a few buyers.
    const delta = deltaOf(entries.bytes.toString("latin1", at, at + 20), () =>
      hexAt(entries, index, "buyer"),
    );
    addEntry(delta, entries, index);
  }
  for (const event of others) {
    const buyer = event.args["buyer"]?.toLowerCase() as Hex | undefined;
    if (buyer === undefined) continue;
    addEvent(
      deltaOf(Buffer.from(buyer.slice(2), "hex").toString("latin1"), () => buyer),
      event,
    );
  }
  return [...deltas.values()];
}

function addEntry(delta: PositionDelta, entries: PackedEntries, index: number): void {
  const [kind, nonce, amount] = [kindOf(entries, index), nonceOf(entries, index), amountOf(entries, index)];
  delta.nonce = kind === "invalidate" || nonce === LAST_NONCE ? nonce : nonce + 1n;
  delta.paid += kind === "purchase" ? amount : -amount;
  if (kind === "eject") delta.ejected += amount;
  if (kind === "purchase") delta.purchases += 1n;
}

function addEvent(delta: PositionDelta, { name, args: { amount = "0", tokens = "0" } }: OtherEvent): void {
  if (name === "Claimed") delta.claimed += BigInt(tokens);
  if (name === "EjectedReleased") delta.ejected -= BigInt(amount);
  if (name === "Refunded") {
    delta.paid -= BigInt(amount);
    delta.refunded += BigInt(amount);
  }
}
