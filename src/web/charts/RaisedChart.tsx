import { t } from "@lingui/core/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { formatUnits } from "viem";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatShort } from "../text/formatAmount.ts";
import { formatDay, formatTime } from "../text/formatTime.ts";
import { Chart } from "./Chart.tsx";

const POINTS = 200;
const ASK_MS = 15_000;
/** Within so short a time the day alone says nothing. */
const TWO_DAYS = 172_800;

/** Money in the sale over time, from the indexer's copy of the history. */
export function RaisedChart({ state, terms }: { state: SaleState; terms: Terms }) {
  const { config } = useLaunch();
  const { currencyDecimals, currencySymbol } = config.launch;
  const { data } = useQuery({
    queryKey: ["chart", config.sale],
    queryFn: () => createIndexerClient({ url: config.indexerUrl }).chart(config.sale, POINTS),
    placeholderData: keepPreviousData,
    refetchInterval: ASK_MS,
  });

  // Without the indexer there is no picture; that it does not answer is said once, by the page.
  if (data === undefined || data.points.length === 0) return null;
  const opens = Number(terms.sale.opensAt);
  const isOver = state.phase !== "open";
  const end = isOver ? Number(terms.sale.closesAt) : Number(state.time);
  const money = (value: bigint | string) => Number(formatUnits(BigInt(value), currencyDecimals));
  // Each change as the moment before it and its own: money comes in steps.
  const steps = data.points.flatMap(({ time, raised }, i) => [
    { x: time, y: money(data.points[i - 1]?.raised ?? 0n) },
    { x: time, y: money(raised) },
  ]);
  const points = [
    { x: opens, y: 0 },
    ...steps,
    { x: Math.max(end, steps.at(-1)?.x ?? end), y: steps.at(-1)?.y ?? 0 },
  ];
  const goal = money(terms.sale.softCap);
  const falls = points.some(({ y }, i) => y < (points[i - 1]?.y ?? 0));

  return (
    <section className="card" aria-labelledby="raised-over-title" data-testid="raised-over">
      <h2 id="raised-over-title">{t`Raised over time`}</h2>
      <Chart
        label={t`Money in the sale over time`}
        xs={points.map(({ x }) => x)}
        layers={[{ name: t`Raised`, values: points.map(({ y }) => y) }]}
        xWords={(seconds) => {
          const at = BigInt(Math.round(seconds));
          return end - opens < TWO_DAYS ? formatTime(at) : formatDay(at);
        }}
        yWords={(amount) => `${formatShort(amount)} ${currencySymbol}`}
        limit={{ at: goal, words: t`Goal` }}
      />
      {falls && <p className="quiet">{t`It falls where money went back to buyers.`}</p>}
    </section>
  );
}
