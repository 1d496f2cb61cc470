import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { getAddress } from "viem";
import { useConnection } from "wagmi";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
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
  chainError,
  signer,
}: {
  state: SaleState;
  created: CreatedTerms;
  /** Page, chain and signer agree on the terms. */
  sells: boolean;
  /** The chain does not answer, and `state` is what it said last. */
  chainError: Error | null;
  signer: UseQueryResult<SignerState>;
}) {
  const { address, chainId } = useConnection();
  const { terms } = created;
  const isOpen = state.phase === "open";
  const isBefore = state.phase === "unfunded" || state.phase === "pending";
  return (
    <section className="card buy" id="buy" aria-labelledby="buy-title">
      <h2 id="buy-title">{isOpen || isBefore ? t`Buy ${terms.token.symbol}` : t`Buying is over`}</h2>
      {content()}
    </section>
  );

  function content(): ReactNode {
    if (!sells) return <p>{t`Nothing is sold here until page, chain and signer agree on the terms.`}</p>;
    if (isBefore)
      return <p>{t`Buying starts on ${formatTime(terms.sale.opensAt)}. There is nothing to do before.`}</p>;
    const obstacle = isOpen ? obstacleNow() : undefined;
    if (address === undefined) return obstacle ?? invitation();

    // A purchase on its way and its receipt stay in sight, whatever stands in the way of a new one.
    const isElsewhere = chainId !== Number(terms.chainId);
    return (
      <Suspense fallback={<p className="quiet">{t`Loading…`}</p>}>
        <Buyer
          key={address}
          buyer={getAddress(address)}
          state={state}
          created={created}
          obstacle={obstacle ?? (isElsewhere ? <WrongChain /> : undefined)}
        />
      </Suspense>
    );
  }

  /** Why nobody can buy at the moment. */
  function obstacleNow(): ReactNode {
    if (chainError !== null) {
      return (
        <p>{t`Nothing can be bought or taken out until the chain answers. What you bought before is in the sale contract.`}</p>
      );
    }
    if (state.pausedUntil > state.time) {
      return (
        <p>
          <Trans>
            Purchases are paused until {formatTime(state.pausedUntil)}. What you bought before is safe; the
            pause changes nothing about taking it back.
          </Trans>
        </p>
      );
    }
    if (state.raised >= terms.sale.hardCap && address === undefined) {
      return <p>{t`Sold out. If somebody withdraws before the close, there is room again.`}</p>;
    }
    // Once it failed: its error is gone while it is asked again.
    if (signer.data === undefined && signer.errorUpdateCount > 0) {
      return (
        <Obstacle code="signer-unreachable" title={t`Nothing can be bought at the moment.`}>
          <p>{t`The signer, which checks who may buy, does not answer. The page asks it again by itself.`}</p>
          {boughtBefore()}
        </Obstacle>
      );
    }
    const stopped = signer.data?.launch.stopped;
    if (stopped !== undefined) {
      return (
        <Obstacle code="stopped" title={t`Whoever runs this sale has stopped the buying for now.`}>
          <p>
            {t`They say:`} “<bdi>{stopped}</bdi>”
          </p>
          {boughtBefore()}
          <p>{t`When buying is possible again, this page shows it by itself.`}</p>
        </Obstacle>
      );
    }
    if (signer.data?.ready === false) {
      return (
        <Obstacle code="signer-not-ready" title={t`Nothing can be bought at the moment.`}>
          <p>{t`The signer, which checks who may buy, is not ready.`}</p>
          {boughtBefore()}
          {signer.data.reason !== undefined && (
            <p className="quiet" lang="en" dir="ltr">
              {signer.data.reason}
            </p>
          )}
        </Obstacle>
      );
    }
    return undefined;
  }

  function boughtBefore(): ReactNode {
    return (
      <p>
        {t`What you bought before is safe in the sale contract.`}{" "}
        {address === undefined
          ? t`Connect your wallet to see whether and until when you can take it out.`
          : t`My position shows whether and until when you can take it out.`}
      </p>
    );
  }

  function invitation(): ReactNode {
    return (
      <>
        <p>
          {isOpen ? (
            <Trans>
              Connect a wallet to see whether you may buy. A wallet is an app or browser extension that holds
              your money. Connecting shows its address to this page: nothing can be taken by that.
            </Trans>
          ) : (
            t`If you bought here, connect your wallet to see what you have and what you can do.`
          )}
        </p>
        <ConnectButton />
      </>
    );
  }
}

function Obstacle({ code, title, children }: { code: string; title: string; children: ReactNode }) {
  return (
    <div className="notice" role="alert" data-code={code}>
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}
