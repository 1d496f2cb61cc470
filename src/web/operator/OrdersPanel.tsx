import { t } from "@lingui/core/macro";
import { useState } from "react";
import type { OrderStatus } from "../../sdk/signerApi.ts";
import { orderHref } from "../route/routeOf.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatAmount } from "../text/formatAmount.ts";
import { formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { Invalidations } from "./Invalidations.tsx";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";
import { TextField } from "./TextField.tsx";

/** `0x` and 64 digits. */
const HASH_LENGTH = 66;

/** Orders, the newest first, by what became of their vouchers; and how those end that may still be used. */
export function OrdersPanel() {
  const operator = useOperator();
  const { currencyDecimals, currencySymbol } = useLaunch().config.launch;
  const [text, setText] = useState("");
  const [query, setQuery] = useState<Parameters<typeof operator.orders>[0]>({});
  return (
    <Panel
      name="orders"
      about={JSON.stringify(query)}
      title={t`Orders and vouchers`}
      ask={() => operator.orders(query)}
      head={
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const wanted = text.trim();
            setQuery(
              wanted === "" ? {} : wanted.length === HASH_LENGTH ? { order: wanted } : { buyer: wanted },
            );
          }}
        >
          <TextField label={t`An order or a wallet; empty: all`} value={text} onValue={setText} />
          <button type="submit">{t`Show orders`}</button>
        </form>
      }
    >
      {({ orders, invalidate, next }) => (
        <>
          <p className="quiet" role="status">
            {orders.length === 0 ? t`No orders.` : t`Orders shown: ${orders.length}`}
          </p>
          <ul className="orders">
            {orders.map(({ orderId, buyer, cumulativeCap, status, createdAt, voucherValidUntil, filled }) => (
              <li key={orderId}>
                <a href={orderHref(orderId)}>
                  <code>{shortHex(orderId)}</code>
                </a>{" "}
                <code title={buyer}>{shortHex(buyer)}</code>{" "}
                {`${formatAmount(BigInt(filled ?? cumulativeCap), currencyDecimals)} ${currencySymbol}`} ·{" "}
                {statusWords(status)} ·{" "}
                <span className="quiet">
                  {status === "open"
                    ? t`its voucher works until ${formatTime(BigInt(voucherValidUntil))}`
                    : formatTime(BigInt(createdAt))}
                </span>
              </li>
            ))}
          </ul>
          {next !== null && (
            <div className="actions">
              <button
                type="button"
                onClick={() => {
                  setQuery({ ...query, before: next });
                }}
              >
                {t`Older orders`}
              </button>
            </div>
          )}
          {invalidate.length > 0 && (
            <details data-testid="end-vouchers">
              <summary>{t`How to end vouchers that may still be used: ${invalidate.length}`}</summary>
              <Invalidations calls={invalidate} />
            </details>
          )}
        </>
      )}
    </Panel>
  );
}

const statusWords = (status: OrderStatus): string =>
  ({
    open: t`voucher not used yet`,
    expired: t`voucher ended unused`,
    redeemed: t`bought`,
    superseded: t`replaced by another order`,
    invalidated: t`voided on chain`,
    revoked: t`closed by a decision`,
  })[status];
