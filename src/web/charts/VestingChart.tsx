import { t } from "@lingui/core/macro";
import { formatUnits } from "viem";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatShort } from "../text/formatAmount.ts";
import { formatDay, formatSpan } from "../text/formatTime.ts";
import { Chart } from "./Chart.tsx";
import { vestingSeries, type Group } from "./vestingSeries.ts";

/** When which tokens come free: by date once listed, before that by the time after the listing. */
export function VestingChart({
  label,
  groups,
  listedAt,
  time,
}: {
  label: string;
  groups: readonly Group[];
  listedAt: bigint;
  /** Chain time. */
  time: bigint;
}) {
  const { decimals, symbol } = useLaunch().config.launch;
  const { elapsed, released } = vestingSeries(groups);
  const isListed = listedAt !== 0n;
  return (
    <Chart
      label={label}
      xs={elapsed.map(Number)}
      layers={groups.map(({ name }, i) => ({
        name,
        values: (released[i] ?? []).map((amount) => Number(formatUnits(amount, decimals))),
      }))}
      xWords={(seconds) => {
        const at = BigInt(Math.round(seconds));
        if (isListed) return formatDay(listedAt + at);
        return at === 0n ? t`Listing` : t`${formatSpan(at)} later`;
      }}
      yWords={(amount) => `${formatShort(amount)} ${symbol}`}
      {...(isListed ? { now: Number(time - listedAt) } : {})}
    />
  );
}
