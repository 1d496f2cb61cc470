import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMemo, type ReactNode } from "react";
import type { Address } from "viem";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { explainError } from "../errors/explainError.ts";
import { pageError } from "../errors/pageErrors.ts";
import { usePurchase } from "../hooks/usePurchase.ts";
import { useSession } from "../hooks/useSession.ts";
import type { PurchaseSigner } from "../purchase/runPurchase.ts";
import { isSent } from "../purchase/StoredOrder.ts";
import { Eligible } from "./Eligible.tsx";
import { Notice } from "./Notice.tsx";
import { PendingOrder } from "./PendingOrder.tsx";
import { ReceiptView } from "./ReceiptView.tsx";

/** One connected wallet: signed in, eligible, buying, done. */
export function Buyer({
  buyer,
  state,
  created,
  obstacle,
}: {
  buyer: Address;
  state: SaleState;
  created: CreatedTerms;
  /** What is said instead of selling, while nothing can be bought. */
  obstacle: ReactNode;
}) {
  const isOpen = state.phase === "open";
  const sells = isOpen && obstacle === undefined;
  const { session, signingIn, signIn, error } = useSession(buyer, sells);
  const signer = useMemo<PurchaseSigner>(
    () => ({
      order: async ({ key, nonce, cumulativeCap, supersedes }) => {
        if (session === undefined) throw pageError("session-missing");
        const answer = await session.createOrder(key, {
          ...{ nonce, cumulativeCap },
          ...(supersedes === undefined ? {} : { supersedes }),
        });
        return answer.order;
      },
      renew: async (orderId) => {
        if (session === undefined) throw pageError("session-missing");
        return (await session.renew(orderId)).order;
      },
    }),
    [session],
  );
  const purchase = usePurchase({ buyer, currency: created.terms.sale.currency, signer });
  const { progress } = purchase;

  if (progress.at === "checking") {
    return (
      <>
        <p className="quiet">{t`Looking for a purchase on its way…`}</p>
        {obstacle}
      </>
    );
  }
  if (progress.at === "done") {
    return (
      <>
        <ReceiptView
          {...{ receipt: progress.receipt, terms: created.terms, phase: state.phase, sells }}
          onDone={purchase.forget}
        />
        {obstacle}
      </>
    );
  }

  const isPending = progress.at === "waiting" || progress.at === "running";
  const wasSent = isPending && isSent(progress.order);
  const pending = isPending && (
    <PendingOrder
      progress={progress}
      {...(sells || wasSent ? { onContinue: purchase.run } : {})}
      onForget={purchase.forget}
    />
  );
  if (!sells) {
    return (
      <>
        {pending}
        {progress.at === "failed" && <Notice error={progress.error} />}
        {!isOpen && <p>{t`This sale takes no more purchases.`}</p>}
        {obstacle}
      </>
    );
  }
  if (session === undefined) {
    return (
      <>
        {/* What was sent already needs no signer: whether it was mined shows without signing in. */}
        {(wasSent || progress.at === "running") && pending}
        <p>
          <Trans>
            Sign in to see whether this wallet may buy. Your wallet will ask for a signature, which proves
            that it is yours. It is no transaction: it costs nothing and moves nothing.
          </Trans>
        </p>
        <button type="button" className="primary" disabled={signingIn} onClick={signIn}>
          {signingIn ? t`Signing in…` : t`Sign in`}
        </button>
        {error !== null && <Notice error={explainError(error)} />}
      </>
    );
  }
  if (pending !== false) return pending;
  return (
    <>
      {progress.at === "failed" && <Notice error={progress.error} />}
      <Eligible buyer={buyer} session={session} state={state} created={created} onBuy={purchase.run} />
    </>
  );
}
