import type { Price } from "../../sdk/terms.ts";

/** Tokens (base units) that `paid` buys, as the sale counts them: whole `currencyUnits` only. */
export function tokensOf(paid: bigint, { currencyUnits, tokenUnits }: Price): bigint {
  return (paid / currencyUnits) * tokenUnits;
}
