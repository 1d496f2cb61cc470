import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { PurchaseProgress } from "../hooks/usePurchase.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import type { PurchaseStep } from "../purchase/nextStep.ts";
import { isSent, type StoredOrder } from "../purchase/StoredOrder.ts";
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
  /** None while nothing can be bought. */
  onContinue?: (order: StoredOrder) => Promise<void>;
  onForget: () => void;
}) {
  const { currencyDecimals: decimals, currencySymbol: symbol } = useLaunch().config.launch;
  const { order } = progress;
  const wasSent = isSent(order);
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
            {wasSent
              ? t`Your payment is on its way to the sale contract. It either arrives whole, or stays in your wallet.`
              : t`Nothing is paid before you confirm the purchase. To stop, decline in your wallet.`}{" "}
            {t`You can close this page. When you come back, it shows what has become of this, and “Continue” takes it up where it stopped: nothing is bought twice.`}
          </p>
        </>
      ) : (
        <>
          {progress.error !== undefined && <Notice error={progress.error} />}
          <p>
            {progress.error === undefined && `${t`It was interrupted.`} `}
            {onContinue !== undefined &&
              `${t`“Continue” takes it up where it stopped: nothing is bought twice.`} `}
            {order.purchaseHash === undefined &&
              t`No payment was seen so far. You can discard this; if your wallet sent it already, it may still arrive, and then shows in My position.`}
          </p>
          <div className="actions">
            {onContinue !== undefined && (
              <button
                type="button"
                className="primary"
                onClick={() => {
                  void onContinue(order);
                }}
              >
                {t`Continue`}
              </button>
            )}
            <button type="button" onClick={onForget} disabled={order.purchaseHash !== undefined}>
              {t`Discard`}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
