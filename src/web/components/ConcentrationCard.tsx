import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatShare } from "../text/formatPercent.ts";
import { Amount } from "./Amount.tsx";

const ASK_MS = 15_000;

/** How much of the money is whose: the largest buyers', and that of the addresses the launch file names. */
export function ConcentrationCard() {
  const { config } = useLaunch();
  const { currencyDecimals: decimals, currencySymbol: symbol } = config.launch;
  const { data } = useQuery({
    queryKey: ["concentration", config.sale],
    queryFn: async () => {
      const indexer = createIndexerClient({ url: config.indexerUrl });
      const [held, { insiders }] = await Promise.all([
        indexer.concentration(config.sale),
        indexer.insiders(config.sale),
      ]);
      const bought = insiders.filter(({ position }) => position !== null && position.purchases > 0);
      return { held, bought, isKnown: insiders.length > 0 };
    },
    refetchInterval: ASK_MS,
  });
  // That the indexer does not answer is said once, by the page.
  if (data === undefined || data.held.buyers === 0 || BigInt(data.held.paid) === 0n) return null;
  const { held, bought, isKnown } = data;
  const share = (part: string) => formatShare(BigInt(part), BigInt(held.paid));
  const largest = [
    { words: t`The largest position`, part: held.largest1, from: 2 },
    { words: t`The 10 largest`, part: held.largest10, from: 11 },
    { words: t`The 100 largest`, part: held.largest100, from: 101 },
  ].filter(({ from }) => held.buyers >= from);

  return (
    <section className="card" aria-labelledby="concentration-title" data-testid="concentration">
      <h2 id="concentration-title">{t`Who has bought`}</h2>
      <dl className="lines">
        <div>
          <dt>{t`Addresses with a position`}</dt>
          <dd>{held.buyers}</dd>
        </div>
        {largest.map(({ words, part }) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{share(part)}</dd>
          </div>
        ))}
        {bought.map(({ address, labels, position }) => (
          <div key={address}>
            <dt>
              <bdi>{labels.join(", ")}</bdi>
            </dt>
            <dd>
              <Amount value={BigInt(position?.paid ?? 0)} decimals={decimals} symbol={symbol} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        {isKnown && bought.length === 0 && `${t`None of the addresses that the launch names has bought.`} `}
        {t`Addresses are counted, not people: one person may have several.`}
      </p>
    </section>
  );
}
