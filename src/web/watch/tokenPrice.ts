import type { Price } from "../../sdk/terms.ts";

/** Currency for one whole token, to the nearest base unit. */
export function tokenPrice({ currencyUnits, tokenUnits }: Price, tokenDecimals: number): bigint {
  const money = currencyUnits * 10n ** BigInt(tokenDecimals);
  return (2n * money + tokenUnits) / (2n * tokenUnits);
}

/** How much more a token costs at `now` than at `then`, in ten-thousandths; below zero: less. Rounded to nearest. */
export function priceChange(now: Price, then: Price): bigint {
  const [a, b] = [now.currencyUnits * then.tokenUnits, then.currencyUnits * now.tokenUnits];
  return (20_000n * a + b) / (2n * b) - 10_000n;
}
