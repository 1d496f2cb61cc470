import type { PositionJson } from "../sdk/indexerApi.ts";
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

/** Tokens for currency; positions are whole lots of `currencyUnits`. */
export function tokensOf(currency: bigint, { currencyUnits, tokenUnits }: Price): bigint {
  return (currency / currencyUnits) * tokenUnits;
}
