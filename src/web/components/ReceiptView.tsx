import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Phase } from "../../sdk/phase.ts";
import type { Terms } from "../../sdk/terms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import type { PurchaseReceipt } from "../purchase/StoredOrder.ts";
import { orderHref } from "../route/routeOf.ts";
import { tokensOf } from "../purchase/tokensOf.ts";
import { Amount } from "./Amount.tsx";

/** What was bought, and by which numbers anybody can find it on the chain. */
export function ReceiptView({
  receipt,
  terms,
  phase,
  sells,
  onDone,
}: {
  receipt: PurchaseReceipt;
  terms: Terms;
  phase: Phase;
  /** More can be bought now. */
  sells: boolean;
  onDone: () => void;
}) {
  const { currencyDecimals, currencySymbol } = useLaunch().config.launch;
  const { token, sale } = terms;
  return (
    <div className="receipt" role="status" data-testid="receipt">
      <p className={phase === "open" ? "lead good" : "lead"}>
        {phase === "open" ? "✓ " : ""}
        <Trans>
          Bought{" "}
          <Amount
            value={tokensOf(receipt.amount, sale.price)}
            decimals={token.decimals}
            symbol={token.symbol}
            places={4}
          />{" "}
          for <Amount value={receipt.amount} decimals={currencyDecimals} symbol={currencySymbol} />
        </Trans>
      </p>
      {phase === "failed" && (
        <p>{t`The sale failed, so these tokens do not come. My position shows what you can take back.`}</p>
      )}
      <dl className="hashes">
        <dt>{t`Order`}</dt>
        <dd>
          <code data-testid="order-id">{receipt.orderId}</code>
        </dd>
        <dt>{t`Transaction, in block ${String(receipt.block)}`}</dt>
        <dd>
          <code data-testid="transaction">{receipt.transaction}</code>
        </dd>
        <dt>{t`Fingerprint of the sale’s history up to this purchase`}</dt>
        <dd>
          <code>{receipt.history}</code>
        </dd>
      </dl>
      <div className="actions">
        <button type="button" onClick={onDone}>
          {sells ? t`Buy more` : t`Close the receipt`}
        </button>
        <a className="button" href={orderHref(receipt.orderId)} data-testid="receipt-link">
          {t`Receipt to keep or show`}
        </a>
      </div>
    </div>
  );
}
