import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { isAddressEqual, zeroAddress } from "viem";
import { contractCallOf, createSignatureCheck } from "../../sdk/documents/checkSignature.ts";
import { documentHashOf } from "../../sdk/documents/Document.ts";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { groupOf, readLaunches, type LaunchGroup, type LaunchShown } from "../launches/readLaunches.ts";
import { formatAmount } from "../text/formatAmount.ts";
import { formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { focused } from "./focused.ts";
import { Notice } from "./Notice.tsx";
import { phaseWords } from "./phaseWords.tsx";
import { SignedBy } from "./SignedBy.tsx";
import { TopBar } from "./TopBar.tsx";
import { Words } from "./Words.tsx";

const ASK_MS = 15_000;

/** All launches of the platform, with what it asks of them and what reviewers say about each. */
export function LaunchesView() {
  const { config, client } = useLaunch();
  const isSigned = useMemo(() => createSignatureCheck(contractCallOf(client)), [client]);
  const { data, error } = useQuery({
    queryKey: ["launches", config.indexerUrl],
    queryFn: () =>
      readLaunches(client, {
        ...{ isSigned, chainId: config.chainId, platform: config.platform },
        indexer: createIndexerClient({ url: config.indexerUrl }),
      }),
    refetchInterval: ASK_MS,
  });
  const shown = data?.filter((launch): launch is LaunchShown => !("hidden" in launch)) ?? [];
  const hidden = data?.filter((launch) => "hidden" in launch) ?? [];
  const own = shown.find(({ sale }) => isAddressEqual(sale, config.sale));
  /** What this page was told of its own launch's currency; of any other the address, as whatever a token calls itself may be false. */
  function currencyOf({ created }: LaunchShown): string {
    const { currency } = created.terms.sale;
    if (currency === zeroAddress) return client.chain.nativeCurrency.symbol;
    return own !== undefined && isAddressEqual(currency, own.created.terms.sale.currency)
      ? config.launch.currencySymbol
      : shortHex(currency);
  }
  const criteria = shown.find(({ documents }) => documents.criteria !== null);
  const groups: [LaunchGroup, string][] = [
    ["open", t`Open now`],
    ["upcoming", t`Upcoming`],
    ["ended", t`Ended`],
  ];

  return (
    <>
      <TopBar />
      <main className="page" data-testid="launches">
        <div className="row">
          <h1 ref={focused} tabIndex={-1}>{t`All launches`}</h1>
          <a href="#/">{t`Back to the sale`}</a>
        </div>
        {data === undefined && error !== null && <Notice error={explainError(error)} />}
        {data === undefined && error === null && (
          <p className="quiet" aria-busy="true">
            {t`Loading…`}
          </p>
        )}
        {criteria?.documents.criteria != null && (
          <section className="card" aria-labelledby="criteria-title" data-testid="criteria">
            <h2 id="criteria-title">{t`What this platform asks of a launch`}</h2>
            <Words texts={criteria.documents.criteria.message.texts} />
            <SignedBy document={criteria.documents.criteria} terms={criteria.created.terms} />
          </section>
        )}
        {data !== undefined && criteria === undefined && (
          <p className="quiet">{t`No platform has published here by what it takes launches: nobody has looked at these for you.`}</p>
        )}
        {data !== undefined &&
          groups.map(([group, words]) => {
            const launches = shown.filter(({ phase }) => groupOf(phase) === group);
            return (
              <section key={group} className="stack" aria-label={words} data-testid={`launches-${group}`}>
                <h2>{words}</h2>
                {launches.length === 0 && <p className="quiet">{t`None.`}</p>}
                {launches.map((launch) => (
                  <LaunchEntry key={launch.sale} launch={launch} currency={currencyOf(launch)} />
                ))}
              </section>
            );
          })}
        {hidden.length > 0 && (
          <section className="stack" aria-labelledby="hidden-title" data-testid="launches-hidden">
            <h2 id="hidden-title">{t`Not shown`}</h2>
            <p className="quiet">
              {t`Chain and indexer name different terms for these, or one of them does not answer:`}{" "}
              {hidden.map(({ sale }) => (
                <code key={sale} title={sale}>
                  {shortHex(sale)}{" "}
                </code>
              ))}
            </p>
          </section>
        )}
      </main>
    </>
  );
}

function LaunchEntry({
  launch: { sale, phase, raised, created, documents },
  currency,
}: {
  launch: LaunchShown;
  currency: string;
}) {
  const { config } = useLaunch();
  const { terms, currencyDecimals } = created;
  const isOwn = isAddressEqual(sale, config.sale);
  const page = config.pages.find((each) => isAddressEqual(each.sale, sale));
  const money = (value: bigint) => formatAmount(value, currencyDecimals);
  return (
    <article className="card" data-testid="launch" data-sale={sale}>
      <div className="row">
        <h3 className="name">
          <bdi>{terms.token.name}</bdi> <bdi className="quiet">{terms.token.symbol}</bdi>
        </h3>
        <span className={`pill ${phase}`}>{phaseWords(phase)}</span>
      </div>
      <dl className="facts">
        <div>
          <dt>{t`Raised`}</dt>
          <dd>{t`${money(raised)} of ${money(terms.sale.hardCap)} ${currency}`}</dd>
        </div>
        <div>
          <dt>{t`Opens`}</dt>
          <dd>{formatTime(terms.sale.opensAt)}</dd>
        </div>
        <div>
          <dt>{t`Closes`}</dt>
          <dd>{formatTime(terms.sale.closesAt)}</dd>
        </div>
        <div>
          <dt>{t`Sale contract`}</dt>
          <dd>
            <code title={sale}>{shortHex(sale)}</code>
          </dd>
        </div>
      </dl>
      {documents.reviews.length === 0 && (
        <p className="quiet">{t`No reviewer has signed anything about it.`}</p>
      )}
      {documents.reviews.map((review) => (
        <details key={documentHashOf(review)} open>
          <summary>
            {t`A reviewer’s statement on exactly these terms`}{" "}
            <code title={created.hash}>{shortHex(created.hash)}</code>
          </summary>
          <Words texts={review.message.texts} />
          <SignedBy document={review} terms={terms} />
        </details>
      ))}
      {isOwn && <a href="#/">{t`To this sale`}</a>}
      {!isOwn && page !== undefined && (
        <a href={page.url} rel="noopener noreferrer">
          {t`To its page, at ${new URL(page.url).host}`}
        </a>
      )}
    </article>
  );
}
