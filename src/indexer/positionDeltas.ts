import type { Address } from "viem";
import type { SaleEvent } from "../chain/saleEvents.ts";
import { nonceAfter } from "../sdk/history.ts";
import { moneyOf } from "../sdk/replay.ts";

/** What events change in one buyer's position; sums but for `nonce`, which is the new one or zero for none. */
export type PositionDelta = {
  buyer: Address;
  paid: bigint;
  nonce: bigint;
  ejected: bigint;
  claimed: bigint;
  refunded: bigint;
  purchases: bigint;
};

export function positionDeltas(events: readonly SaleEvent[]): PositionDelta[] {
  const deltas = new Map<Address, PositionDelta>();
  for (const event of events) {
    const buyer = buyerOf(event)?.toLowerCase() as Address | undefined;
    if (buyer === undefined) continue;
    const delta = deltas.get(buyer) ?? {
      ...{ buyer, paid: 0n, nonce: 0n, ejected: 0n, claimed: 0n, refunded: 0n, purchases: 0n },
    };
    deltas.set(buyer, delta);
    add(delta, event);
  }
  return [...deltas.values()];
}

/** The buyer whose position an event changes. */
export function buyerOf(event: SaleEvent): Address | undefined {
  if (event.type === "entry") return event.entry.buyer;
  return event.args["buyer"] as Address | undefined;
}

function add(delta: PositionDelta, event: SaleEvent): void {
  if (event.type === "entry") {
    const { entry } = event;
    delta.paid += moneyOf(entry);
    delta.nonce = nonceAfter(entry);
    if (entry.kind === "eject") delta.ejected += entry.amount;
    if (entry.kind === "purchase") delta.purchases += 1n;
    return;
  }

  const { amount = "0", tokens = "0" } = event.args;
  if (event.name === "Claimed") delta.claimed += BigInt(tokens);
  if (event.name === "EjectedReleased") delta.ejected -= BigInt(amount);
  if (event.name === "Refunded") {
    delta.paid -= BigInt(amount);
    delta.refunded += BigInt(amount);
  }
}
