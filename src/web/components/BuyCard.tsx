import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { getAddress } from "viem";
import { useConnection } from "wagmi";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { explainError } from "../errors/explainError.ts";
import type { SignerState } from "../hooks/useSigner.ts";
import { formatTime } from "../text/formatTime.ts";
import { Buyer } from "./Buyer.tsx";
import { Notice } from "./Notice.tsx";
import { WrongChain } from "./WrongChain.tsx";

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
      <h2 id="buy-title">Buy {created.terms.token.symbol}</h2>
      {content()}
    </section>
  );

  function content(): ReactNode {
    const { terms } = created;
    if (!sells) return <p>Nothing is sold here until page, chain and signer agree.</p>;
    if (state.phase === "pending") return <p>Buying starts on {formatTime(terms.sale.opensAt)}.</p>;
    if (state.phase === "open" && state.pausedUntil > state.time) {
      return <p>Purchases are paused until {formatTime(state.pausedUntil)}. Withdrawing works meanwhile.</p>;
    }
    if (state.phase === "open" && state.raised >= terms.sale.hardCap && address === undefined) {
      return <p>Sold out. If somebody withdraws before the close, there is room again.</p>;
    }
    if (signer.data === undefined && signer.error !== null && state.phase === "open") {
      return (
        <Notice error={explainError(signer.error)}>
          <p>Nothing can be bought until it answers. What you bought before is safe in the contract.</p>
        </Notice>
      );
    }
    if (signer.data?.ready === false && state.phase === "open") {
      return (
        <p role="alert">
          The signer is not ready to give vouchers{signer.data.reason && `: ${signer.data.reason}`}.
        </p>
      );
    }
    if (address === undefined) {
      return state.phase === "open" ? (
        <p>Connect a wallet to see whether you may buy.</p>
      ) : (
        <p>The sale is over. Connect your wallet to see what you have.</p>
      );
    }
    if (chainId !== Number(terms.chainId)) return <WrongChain />;
    return <Buyer key={address} buyer={getAddress(address)} state={state} created={created} />;
  }
}
