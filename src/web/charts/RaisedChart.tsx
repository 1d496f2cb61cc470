import { t } from "@lingui/core/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { formatUnits } from "viem";
import type { EntryJson } from "../../sdk/indexerApi.ts";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatShort } from "../text/formatAmount.ts";
import { formatDay, formatTime } from "../text/formatTime.ts";
import { Chart } from "./Chart.tsx";
import { raisedOver } from "./raisedOver.ts";

const PAGE = 1_000;
/** A history that is longer is offered as a file. */
const MOST_PAGES = 20;
const ASK_MS = 15_000;
/** Within so short a time the day alone says nothing. */
const TWO_DAYS = 172_800;

/** Money in the sale over time, from the indexer's copy of the history. */
export function RaisedChart({ state, terms }: { state: SaleState; terms: Terms }) {
  const { config } = useLaunch();
  const { currencyDecimals, currencySymbol } = config.launch;
  const { data } = useQuery({
    queryKey: ["history", config.sale],
    queryFn: async () => {
      const indexer = createIndexerClient({ url: config.indexerUrl });
      const entries: EntryJson[] = [];
      for (let after = 0, page = 0; page < MOST_PAGES; page++) {
        const answer = await indexer.entries(config.sale, { after, limit: PAGE });
        entries.push(...answer.entries);
        if (answer.next === null) return { points: raisedOver(entries), isWhole: true };
        after = answer.next;
      }
      return { points: [], isWhole: false };
    },
    placeholderData: keepPreviousData,
    refetchInterval: ASK_MS,
  });

  // Without the indexer there is no picture; that it does not answer is said once, by the page.
  if (data === undefined || (data.isWhole && data.points.length === 0)) return null;
  const opens = Number(terms.sale.opensAt);
  const isOver = state.phase !== "open";
  const end = isOver ? Number(terms.sale.closesAt) : Number(state.time);
  const money = (value: bigint) => Number(formatUnits(value, currencyDecimals));
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

  return (
    <section className="card" aria-labelledby="raised-over-title" data-testid="raised-over">
      <h2 id="raised-over-title">{t`Raised over time`}</h2>
      {data.isWhole ? (
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
      ) : (
        <p className="quiet">{t`The history is too long to draw here: take it as a file, below.`}</p>
      )}
    </section>
  );
}
