import type { PositionJson, SaleStats } from "../sdk/indexerApi.ts";
import type { Price } from "../sdk/terms.ts";
import { difference, type Difference } from "./Difference.ts";
import type { PositionView } from "./readSale.ts";

/** The indexer's row of a buyer against the sale's. */
export function comparePosition(
  position: PositionJson,
  view: PositionView,
  price: Price,
  block: number,
): Difference[] {
  const pairs: [field: string, got: string, wanted: bigint][] = [
    ["paid", position.paid, view.paid],
    ["nonce", position.nonce, view.nonce],
    ["ejected", position.ejected, view.ejected],
    ["claimed tokens", position.claimedTokens, tokensOf(view.claimed, price)],
  ];
  return pairs
    .filter(([, got, wanted]) => got !== String(wanted))
    .map(([field, got, wanted]) =>
      difference("position-differs", `${position.buyer}, ${field}`, got, wanted, { block }),
    );
}

/** What the indexer's rows add up to, against the sums that it says of them. */
export type RowSums = {
  add: (position: PositionJson) => void;
  compareWith: (stats: SaleStats) => Difference[];
};

export function createRowSums(): RowSums {
  let [buyers, claimedTokens, refunded] = [0, 0n, 0n];
  return {
    add(position) {
      if (position.paid !== "0") buyers++;
      claimedTokens += BigInt(position.claimedTokens);
      refunded += BigInt(position.refunded);
    },
    compareWith(stats) {
      const pairs: [field: string, got: string, wanted: string][] = [
        ["buyers", String(stats.buyers), String(buyers)],
        ["claimed tokens", stats.claimedTokens, String(claimedTokens)],
        ["refunded", stats.refunded, String(refunded)],
      ];
      return pairs
        .filter(([, got, wanted]) => got !== wanted)
        .map(([field, got, wanted]) =>
          difference("sum-differs", `the indexer's ${field}`, got, wanted, { block: stats.head.number }),
        );
    },
  };
}

/** Tokens for currency; positions are whole lots of `currencyUnits`. */
export function tokensOf(currency: bigint, { currencyUnits, tokenUnits }: Price): bigint {
  return (currency / currencyUnits) * tokenUnits;
}
