import { t } from "@lingui/core/macro";
import { lazy, Suspense, useEffect } from "react";
import { useConnection } from "wagmi";
import { compareTerms } from "../chain/compareTerms.ts";
import { explainError } from "../errors/explainError.ts";
import { useIndexer } from "../hooks/useIndexer.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { useRoute } from "../hooks/useRoute.ts";
import { useSale, useTerms } from "../hooks/useSale.ts";
import { useSigner } from "../hooks/useSigner.ts";
import { BuyCard } from "./BuyCard.tsx";
import { LaunchHeader } from "./LaunchHeader.tsx";
import { LocalTools } from "./LocalTools.tsx";
import { Notice } from "./Notice.tsx";
import { RulesCard } from "./RulesCard.tsx";
import { ServiceNotes } from "./ServiceNotes.tsx";
import { TermsNotice } from "./TermsNotice.tsx";
import { TopBar } from "./TopBar.tsx";

const WatchCards = lazy(async () => ({ default: (await import("./WatchCards.tsx")).WatchCards }));
const DataCard = lazy(async () => ({ default: (await import("./DataCard.tsx")).DataCard }));
const DocumentCards = lazy(async () => ({ default: (await import("./DocumentCards.tsx")).DocumentCards }));
const OrderView = lazy(async () => ({ default: (await import("./OrderView.tsx")).OrderView }));
const PositionCard = lazy(async () => ({ default: (await import("./PositionCard.tsx")).PositionCard }));

/** One launch: what is sold, whether I may buy, what I have. */
export function Page() {
  const { config } = useLaunch();
  const { address } = useConnection();
  const route = useRoute();
  const sale = useSale();
  const terms = useTerms();
  const signer = useSigner();
  const indexer = useIndexer();

  // What only buyers need is fetched once the sale is on the screen, so that a click later finds it there.
  const isShown = sale.data !== undefined && terms.data !== undefined;
  useEffect(() => {
    if (isShown) void Promise.allSettled([import("./Buyer.tsx"), import("./PositionCard.tsx")]);
  }, [isShown]);

  const failed = sale.data === undefined ? sale.error : terms.data === undefined ? terms.error : null;
  const differences =
    sale.data === undefined || terms.data === undefined
      ? []
      : compareTerms({ config, state: sale.data, created: terms.data, signer: signer.data?.launch });

  // While buying is possible it comes first; afterwards what a buyer has does.
  const isOver = !["unfunded", "pending", "open"].includes(sale.data?.phase ?? "open");
  const position = address !== undefined && sale.data !== undefined && terms.data !== undefined && (
    <Suspense fallback={null}>
      <PositionCard
        key={address}
        buyer={address}
        state={sale.data}
        created={terms.data}
        isSilent={sale.error !== null}
      />
    </Suspense>
  );

  return (
    <>
      {isShown && (
        <a className="skip" href="#buy">
          {t`Skip to buying`}
        </a>
      )}
      <TopBar />
      <main className="page">
        {!isShown && (
          <h1>
            <bdi>{config.launch.name}</bdi>
          </h1>
        )}
        {failed !== null && <Notice error={explainError(failed)} />}
        {failed === null && sale.error !== null && (
          <Notice error={explainError(sale.error)}>
            <p>{t`What you see here may be old, and nothing can be sent until it answers.`}</p>
          </Notice>
        )}
        {sale.data === undefined || terms.data === undefined ? (
          failed === null && (
            <p className="quiet" aria-busy="true">
              {t`Reading the sale from the chain…`}
            </p>
          )
        ) : (
          <>
            <LaunchHeader
              {...{
                state: sale.data,
                created: terms.data,
                differences,
                signer: signer.error === null ? signer.data : undefined,
                ...{ stats: indexer.error === null ? indexer.data : undefined, chainError: sale.error },
              }}
            />
            {differences.length > 0 && (
              <TermsNotice differences={differences} isConnected={address !== undefined} />
            )}
            {route.view === "order" && (
              <Suspense fallback={null}>
                <OrderView orderId={route.orderId} created={terms.data} />
              </Suspense>
            )}
            <div className="columns">
              <div className="stack">
                {isOver && position}
                <BuyCard
                  {...{ state: sale.data, created: terms.data, sells: differences.length === 0, signer }}
                  chainError={sale.error}
                />
                <Suspense fallback={null}>
                  <WatchCards state={sale.data} created={terms.data} />
                </Suspense>
                <Suspense fallback={null}>
                  <DocumentCards created={terms.data} />
                </Suspense>
              </div>
              <div className="stack">
                {!isOver && position}
                <RulesCard terms={terms.data.terms} />
                {config.local && <LocalTools state={sale.data} terms={terms.data.terms} />}
                <Suspense fallback={null}>
                  <DataCard state={sale.data} created={terms.data} />
                </Suspense>
              </div>
            </div>
          </>
        )}
        <ServiceNotes chainError={sale.error} signer={signer} indexer={indexer} state={sale.data} />
      </main>
    </>
  );
}
