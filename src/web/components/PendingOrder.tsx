import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { PurchaseProgress } from "../hooks/usePurchase.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import type { PurchaseStep } from "../purchase/nextStep.ts";
import type { StoredOrder } from "../purchase/StoredOrder.ts";
import { Amount } from "./Amount.tsx";
import { Notice } from "./Notice.tsx";

const words = (step: PurchaseStep): string =>
  ({
    order: t`Asking the signer for a voucher, the permit to buy`,
    renew: t`Asking the signer for a new voucher`,
    "reset-allowance": t`Confirm in your wallet that an older approval ends`,
    approve: t`Confirm in your wallet that the sale may take exactly this amount`,
    sign: t`Sign the payment in your wallet: the sale may take exactly this amount, once`,
    batch: t`Confirm approval and purchase in your wallet, both at once. If it wants to upgrade your account and you do not, decline: then the page asks step by step`,
    "await-batch": t`Waiting until approval and purchase are in a block`,
    "await-approval": t`Waiting until the approval is in a block`,
    purchase: t`Confirm the purchase in your wallet`,
    "await-purchase": t`Waiting until the purchase is in a block`,
    "report-revert": t`A transaction failed`,
    "top-up": t`Checking the balance`,
    finish: t`Bought`,
    "give-up": t`The order is void`,
  })[step];

/** A purchase on its way: the step it is at, or the way to go on. */
export function PendingOrder({
  progress,
  onContinue,
  onForget,
}: {
  progress: Extract<PurchaseProgress, { at: "waiting" | "running" }>;
  onContinue: (order: StoredOrder) => Promise<void>;
  onForget: () => void;
}) {
  const { currencyDecimals: decimals, currencySymbol: symbol } = useLaunch().config.launch;
  const { order } = progress;
  const isSent = order.purchaseHash !== undefined || order.batchId !== undefined;
  return (
    <div className="pending" data-testid="pending-order">
      <p>
        <Trans>
          Purchase of <Amount value={order.amount} decimals={decimals} symbol={symbol} />
        </Trans>
      </p>
      {progress.at === "running" ? (
        <>
          <p role="status" aria-live="polite" className="step">
            <span className="spinner" aria-hidden="true" />
            {progress.step === undefined ? t`Looking where it stands` : words(progress.step)}…
          </p>
          <p className="quiet">
            {isSent
              ? t`Your payment is on its way to the sale contract. It either arrives whole, or stays in your wallet.`
              : t`Nothing is paid before you confirm the purchase.`}{" "}
            {t`You can close this page: it goes on where it stopped, and nothing is bought twice.`}
          </p>
        </>
      ) : (
        <>
          {progress.error === undefined ? (
            <p>
              {t`It was interrupted. Continue, and it goes on where it stopped: nothing is bought twice.`}
              {!isSent && " " + t`Or discard it: no payment was seen so far.`}
            </p>
          ) : (
            <Notice error={progress.error} />
          )}
          <div className="actions">
            <button
              type="button"
              className="primary"
              onClick={() => {
                void onContinue(order);
              }}
            >
              {t`Continue`}
            </button>
            <button type="button" onClick={onForget} disabled={order.purchaseHash !== undefined}>
              {t`Discard`}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
