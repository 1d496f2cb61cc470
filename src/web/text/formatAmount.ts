import { formatUnits } from "viem";
import { localeTag } from "./localeTag.ts";

/** Base units for reading: grouped, at most `places` decimals, rounded down so that nobody is shown more than there is. */
export function formatAmount(amount: bigint, decimals: number, places = 2): string {
  const exact = formatUnits(amount, decimals) as `${number}`;
  const isWhole = Number((exact.split(".")[1] ?? "").slice(0, places)) === 0;
  // A string, which is read to the last digit where a number would be rounded.
  return new Intl.NumberFormat(localeTag(), {
    ...{ minimumFractionDigits: isWhole ? 0 : Math.min(2, places), maximumFractionDigits: places },
    roundingMode: "trunc",
    useGrouping: "always",
  }).format(exact);
}

/** An axis's amount: "1.2M". For reading at a glance, where the exact one stands elsewhere. */
export function formatShort(amount: number): string {
  return new Intl.NumberFormat(localeTag(), { notation: "compact", maximumFractionDigits: 1 }).format(amount);
}
