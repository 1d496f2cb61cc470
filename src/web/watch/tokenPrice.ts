import type { Price } from "../../sdk/terms.ts";

/** Currency for one whole token, to the nearest base unit. */
export function tokenPrice({ currencyUnits, tokenUnits }: Price, tokenDecimals: number): bigint {
  const money = currencyUnits * 10n ** BigInt(tokenDecimals);
  return (2n * money + tokenUnits) / (2n * tokenUnits);
}
