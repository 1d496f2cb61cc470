import { t } from "@lingui/core/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { OrderExport, OrderStatus } from "../../sdk/signerApi.ts";
import { Notice } from "../components/Notice.tsx";
import { orderHref } from "../route/routeOf.ts";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatAmount } from "../text/formatAmount.ts";
import { formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import type { OperatorClient } from "./createOperatorClient.ts";
import { useOperator } from "./OperatorContext.tsx";
import { TextField } from "./TextField.tsx";

const SHOWN = 20;

/** All orders by what became of their vouchers; behind the export's key, as the signer has them there. */
export function OrdersPanel() {
  const operator = useOperator();
  const { currencyDecimals, currencySymbol } = useLaunch().config.launch;
  const id = useId();
  const [key, setKey] = useState("");
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => allOrders(operator, key.trim()),
  });
  const counts = [...Map.groupBy(data ?? [], ({ status }) => status)];
  return (
    <section className="card" aria-labelledby={id} data-testid="operator-orders">
      <h2 id={id}>{t`Orders and vouchers`}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <TextField
          label={t`Key of the export, which is another one`}
          type="password"
          value={key}
          onValue={setKey}
        />
        <button type="submit" disabled={key.trim() === "" || isPending}>
          {t`Show orders`}
        </button>
      </form>
      {error !== null && <Notice error={explainError(error)} />}
      {data !== undefined && (
        <>
          <dl className="lines">
            {counts.map(([status, orders]) => (
              <div key={status}>
                <dt>{statusWords(status)}</dt>
                <dd>{orders.length}</dd>
              </div>
            ))}
          </dl>
          {data.length === 0 && <p className="quiet">{t`No orders yet.`}</p>}
          <ul className="orders">
            {data.slice(-SHOWN).map(({ orderId, buyer, cumulativeCap, status, createdAt, filled }) => (
              <li key={orderId}>
                <a href={orderHref(orderId)}>
                  <code>{shortHex(orderId)}</code>
                </a>{" "}
                <code title={buyer}>{shortHex(buyer)}</code>{" "}
                {`${formatAmount(BigInt(filled ?? cumulativeCap), currencyDecimals)} ${currencySymbol}`} ·{" "}
                {statusWords(status)} · <span className="quiet">{formatTime(BigInt(createdAt))}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

async function allOrders(
  operator: Pick<OperatorClient, "orders">,
  key: string,
): Promise<OrderExport["orders"]> {
  const orders: OrderExport["orders"] = [];
  for (let after: string | undefined, more = true; more;) {
    const page: OrderExport = await operator.orders(key, after);
    orders.push(...page.orders);
    more = page.next !== null;
    after = page.next ?? undefined;
  }
  return orders;
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
