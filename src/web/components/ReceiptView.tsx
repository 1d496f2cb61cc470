import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
  isOpen,
  onDone,
}: {
  receipt: PurchaseReceipt;
  terms: Terms;
  /** The sale still takes purchases. */
  isOpen: boolean;
  onDone: () => void;
}) {
  const { currencyDecimals, currencySymbol } = useLaunch().config.launch;
  const { token, sale } = terms;
  return (
    <div className="receipt" role="status" data-testid="receipt">
      <p className={isOpen ? "lead good" : "lead"}>
        {isOpen ? "✓ " : ""}
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
      <dl className="hashes">
        <dt>{t`Order`}</dt>
        <dd>
          <code data-testid="order-id">{receipt.orderId}</code>
        </dd>
        <dt>{t`Transaction, in block ${String(receipt.block)}`}</dt>
        <dd>
          <code data-testid="transaction">{receipt.transaction}</code>
        </dd>
        <dt>{t`History of the sale after it`}</dt>
        <dd>
          <code>{receipt.history}</code>
        </dd>
      </dl>
      <div className="actions">
        <button type="button" onClick={onDone}>
          {isOpen ? t`Buy more` : t`Close the receipt`}
        </button>
        <a className="button" href={orderHref(receipt.orderId)} data-testid="receipt-link">
          {t`Receipt to keep or show`}
        </a>
      </div>
    </div>
  );
}
