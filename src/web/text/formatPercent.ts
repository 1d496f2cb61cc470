import { localeTag } from "./localeTag.ts";

/** Ten-thousandths for reading, with their sign: "+1.25 %". */
export function formatPercent(bps: bigint): string {
  return percent(bps, "exceptZero");
}

/** A part of a whole above zero for reading, rounded down to ten-thousandths: "12.5 %". */
export function formatShare(part: bigint, whole: bigint): string {
  return percent((part * 10_000n) / whole, "auto");
}

function percent(bps: bigint, signDisplay: "exceptZero" | "auto"): string {
  const style = { style: "percent", maximumFractionDigits: 2, signDisplay } as const;
  return new Intl.NumberFormat(localeTag(), style).format(Number(bps) / 10_000);
}
