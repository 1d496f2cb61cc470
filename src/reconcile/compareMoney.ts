import { zeroAddress } from "viem";
import type { Terms } from "../sdk/terms.ts";
import { tokensOf } from "./comparePosition.ts";
import { difference, type Difference } from "./Difference.ts";
import type { PositionView, SaleView } from "./readSale.ts";

/** The sale's own words on all its buyers, added up. */
export type PositionSums = { paid: bigint; claimed: bigint; ejected: bigint; buyers: number };

export const noPositions: PositionSums = { paid: 0n, claimed: 0n, ejected: 0n, buyers: 0 };

export function addPosition(sums: PositionSums, view: PositionView): PositionSums {
  return {
    paid: sums.paid + view.paid,
    claimed: sums.claimed + view.claimed,
    ejected: sums.ejected + view.ejected,
    buyers: sums.buyers + (view.paid > 0n ? 1 : 0),
  };
}

/** What the sale must hold: nobody but those named can be paid from it. */
export function owedBy(
  view: SaleView,
  sums: PositionSums,
  terms: Terms,
): { currency: bigint; tokens: bigint } {
  const { price } = terms.sale;
  switch (view.phase) {
    case "listed":
      return {
        currency: view.fee + view.treasury - view.treasuryPaid + sums.ejected,
        tokens: view.unsold + tokensOf(sums.paid, price) - tokensOf(sums.claimed, price),
      };
    case "failed":
      return { currency: sums.paid + sums.ejected, tokens: 0n };
    case "unfunded":
      return { currency: 0n, tokens: 0n };
    case "pending":
    case "open":
    case "closed":
    case "succeeded":
      return {
        currency: view.raised + sums.ejected,
        tokens: view.token === zeroAddress ? 0n : terms.token.maxSupply - terms.vesting.allocationsTotal,
      };
  }
}

/** What the sale holds against what it owes. In Failed the tokens are nobody's: burned or the treasury's. */
export function compareMoney(view: SaleView, sums: PositionSums, terms: Terms, block: number): Difference[] {
  const owed = owedBy(view, sums, terms);
  return [
    ...compare("currency", view.currencyHeld, owed.currency, block),
    ...(view.phase === "failed" ? [] : compare("token", view.tokensHeld, owed.tokens, block)),
  ];
}

function compare(what: "currency" | "token", held: bigint, owed: bigint, block: number): Difference[] {
  if (held === owed) return [];
  const field = `${what} in the sale`;
  if (held < owed) return [difference(`${what}-short`, field, held, owed, { block })];
  // The surplus itself, which stays the same while the sale pays what it owes.
  return [difference(`${what}-surplus`, `${field} beyond what it owes`, held - owed, 0n, { block })];
}

/** Positions against the total. Refunds lower positions and not the total. */
export function compareSums(
  view: SaleView,
  sums: PositionSums,
  refunded: bigint,
  block: number,
): Difference[] {
  const got = sums.paid + refunded;
  return got === view.raised
    ? []
    : [difference("sum-differs", "positions of the indexer's buyers", got, view.raised, { block })];
}
