import { localeTag } from "./localeTag.ts";

/** Ten-thousandths for reading, with their sign: "+1.25 %". */
export function formatPercent(bps: bigint): string {
  return new Intl.NumberFormat(localeTag(), {
    ...{ style: "percent", maximumFractionDigits: 2, signDisplay: "exceptZero" },
  } as const).format(Number(bps) / 10_000);
}
