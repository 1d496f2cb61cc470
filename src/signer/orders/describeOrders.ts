import type { Order } from "../../sdk/signerApi.ts";
import type { StoredOrder } from "../store/orders.ts";
import type { SignerContext } from "./SignerContext.ts";
import { statusOf } from "./statusOf.ts";

/** Orders with what became of each, by the chain's head; in the given order. */
export async function describeOrders(
  { record, chain }: Pick<SignerContext, "record" | "chain">,
  orders: readonly StoredOrder[],
): Promise<Order[]> {
  if (orders.length === 0) return [];
  const snapshot = await chain.snapshot([...new Set(orders.map(({ buyer }) => buyer))]);
  const nonceOf = ({ buyer }: StoredOrder): bigint => snapshot.head.get(buyer)?.nonce ?? 0n;

  const past = orders.filter((order) => order.nonce < nonceOf(order));
  const from = past.reduce<bigint | undefined>(
    (least, { fromBlock }) => (least === undefined || fromBlock < least ? fromBlock : least),
    undefined,
  );
  const purchases = await chain.purchases(
    past.map(({ orderId }) => orderId),
    from ?? record.startBlock,
  );

  return orders.map((order) => {
    const filled = purchases.get(order.orderId);
    return {
      ...{ orderId: order.orderId, sale: record.sale, buyer: order.buyer },
      ...{ nonce: order.nonce.toString(), cumulativeCap: order.cumulativeCap.toString() },
      status: statusOf(order, { filled, nonce: nonceOf(order), time: snapshot.time }),
      ...{ createdAt: order.createdAt, voucherValidUntil: Number(order.voucher.validUntil) },
      ...(filled === undefined ? {} : { filled: filled.toString() }),
    };
  });
}
