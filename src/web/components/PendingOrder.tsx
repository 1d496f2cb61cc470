import type { PurchaseProgress } from "../hooks/usePurchase.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import type { PurchaseStep } from "../purchase/nextStep.ts";
import type { StoredOrder } from "../purchase/StoredOrder.ts";
import { Amount } from "./Amount.tsx";
import { Notice } from "./Notice.tsx";

const words: Record<PurchaseStep, string> = {
  order: "Asking the signer for a voucher",
  renew: "Renewing the voucher",
  "reset-allowance": "Confirm in your wallet: reset the old allowance",
  approve: "Confirm in your wallet: let the sale take exactly this amount",
  "await-approval": "Waiting for the approval to be mined",
  purchase: "Confirm in your wallet: the purchase",
  "await-purchase": "Waiting for the purchase to be mined",
  "report-revert": "A transaction failed",
  "top-up": "Checking the balance",
  finish: "Bought",
  "give-up": "The order is void",
};

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
  return (
    <div className="pending" data-testid="pending-order">
      <p>
        Purchase of <Amount value={order.amount} decimals={decimals} symbol={symbol} />
      </p>
      {progress.at === "running" ? (
        <p role="status" aria-live="polite" className="step">
          <span className="spinner" aria-hidden="true" />
          {progress.step === undefined ? "Looking where it stands" : words[progress.step]}…
        </p>
      ) : (
        <>
          {progress.error === undefined ? (
            <p>
              It was interrupted before its end. Continue: it goes on where it stopped, and nothing is bought
              twice.
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
              Continue
            </button>
            <button type="button" onClick={onForget} disabled={order.purchaseHash !== undefined}>
              Discard
            </button>
          </div>
        </>
      )}
    </div>
  );
}
