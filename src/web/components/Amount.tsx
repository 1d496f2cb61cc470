import { useState } from "react";
import { formatUnits } from "viem";
import { formatAmount } from "../text/formatAmount.ts";

/** An amount for reading, rounded down; where that leaves something out it is a button that shows the exact one. */
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
  const [isExact, setExact] = useState(false);
  const isRounded = value % 10n ** BigInt(Math.max(0, decimals - places)) !== 0n;
  const shown = (
    <>
      <span className="number">{formatAmount(value, decimals, isExact ? decimals : places)}</span> {symbol}
    </>
  );
  if (!isRounded) return <span className="amount">{shown}</span>;
  return (
    <button
      type="button"
      className="amount exact"
      title={`${formatUnits(value, decimals)} ${symbol}`}
      aria-pressed={isExact}
      onClick={() => {
        setExact(!isExact);
      }}
    >
      {shown}
    </button>
  );
}
