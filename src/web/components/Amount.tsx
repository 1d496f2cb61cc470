import { formatUnits } from "viem";
import { formatAmount } from "../text/formatAmount.ts";

/** An amount for reading, rounded down; the exact one on hover and for screen readers where they differ. */
export function Amount({
  value,
  decimals,
  symbol,
  places = 2,
}: {
  value: bigint;
  decimals: number;
  symbol: string;
  places?: number;
}) {
  return (
    <span className="amount" title={`${formatUnits(value, decimals)} ${symbol}`}>
      <span className="number">{formatAmount(value, decimals, places)}</span> {symbol}
    </span>
  );
}
