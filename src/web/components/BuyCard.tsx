import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { getAddress } from "viem";
import { useConnection } from "wagmi";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { explainError } from "../errors/explainError.ts";
import type { SignerState } from "../hooks/useSigner.ts";
import { formatTime } from "../text/formatTime.ts";
import { ConnectButton } from "./ConnectButton.tsx";
import { WrongChain } from "./WrongChain.tsx";

const Buyer = lazy(async () => ({ default: (await import("./Buyer.tsx")).Buyer }));

/** The way to a purchase, as far as sale, services and wallet let it go. */
export function BuyCard({
  state,
  created,
  sells,
  signer,
}: {
  state: SaleState;
  created: CreatedTerms;
  /** Page, chain and signer agree on the terms. */
  sells: boolean;
  signer: UseQueryResult<SignerState>;
}) {
  const { address, chainId } = useConnection();
  return (
    <section className="card buy" id="buy" aria-labelledby="buy-title">
      <h2 id="buy-title">
        {state.phase === "open" || state.phase === "pending"
          ? t`Buy ${created.terms.token.symbol}`
          : t`Buying is over`}
      </h2>
      {content()}
    </section>
  );

  function content(): ReactNode {
    const { terms } = created;
    if (!sells) return <p>{t`Nothing is sold here until page, chain and signer agree on the terms.`}</p>;
    if (state.phase === "pending")
      return <p>{t`Buying starts on ${formatTime(terms.sale.opensAt)}. There is nothing to do before.`}</p>;
    if (state.phase === "open" && state.pausedUntil > state.time) {
      return (
        <p>
          <Trans>
            Purchases are paused until {formatTime(state.pausedUntil)}. What you bought before is safe, and
            can be withdrawn as usual.
          </Trans>
        </p>
      );
    }
    if (state.phase === "open" && state.raised >= terms.sale.hardCap && address === undefined) {
      return <p>{t`Sold out. If somebody withdraws before the close, there is room again.`}</p>;
    }
    if (signer.data === undefined && signer.error !== null && state.phase === "open") {
      return (
        <div className="notice" role="alert" data-code={explainError(signer.error).code}>
          <p>
            <strong>{t`Nothing can be bought at the moment.`}</strong>
          </p>
          <p>
            <Trans>
              The signer, which checks who may buy, does not answer. The page asks it again by itself. What
              you bought before is safe in the sale contract, and every way to take it out works.
            </Trans>
          </p>
        </div>
      );
    }
    const stopped = signer.data?.launch.stopped;
    if (stopped !== undefined && state.phase === "open") {
      return (
        <div className="notice" role="alert" data-code="stopped">
          <p>
            <strong>{t`Whoever runs this sale has stopped the buying for now.`}</strong>
          </p>
          <p>
            {t`They say:`} “<bdi>{stopped}</bdi>”
          </p>
          <p>{t`What you bought before is safe in the sale contract, and every way to take it out works. The page goes on by itself when buying does.`}</p>
        </div>
      );
    }
    if (signer.data?.ready === false && state.phase === "open") {
      return (
        <div className="notice" role="alert" data-code="signer-not-ready">
          <p>
            <strong>{t`Nothing can be bought at the moment.`}</strong>
          </p>
          <p>
            <Trans>
              The signer, which checks who may buy, is not ready. What you bought before is safe in the sale
              contract, and every way to take it out works.
            </Trans>
          </p>
          {signer.data.reason !== undefined && (
            <p className="quiet" lang="en" dir="ltr">
              {signer.data.reason}
            </p>
          )}
        </div>
      );
    }
    if (address === undefined) {
      return state.phase === "open" ? (
        <>
          <p>
            <Trans>
              Connect a wallet to see whether you may buy. A wallet is an app or browser extension that holds
              your money. Connecting shows its address to this page: nothing can be taken by that.
            </Trans>
          </p>
          <ConnectButton />
        </>
      ) : (
        <>
          <p>{t`If you bought here, connect your wallet to see what you have and what you can do.`}</p>
          <ConnectButton />
        </>
      );
    }
    if (chainId !== Number(terms.chainId)) return <WrongChain />;
    return (
      <Suspense fallback={<p className="quiet">{t`Loading…`}</p>}>
        <Buyer key={address} buyer={getAddress(address)} state={state} created={created} />
      </Suspense>
    );
  }
}
