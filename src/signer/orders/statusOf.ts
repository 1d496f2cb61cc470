import type { OrderStatus } from "../../sdk/signerApi.ts";
import type { StoredOrder } from "../store/orders.ts";

/** Where an order stands, by what the chain says at its head. */
export function statusOf(
  order: StoredOrder,
  { filled, nonce, time }: { filled: bigint | undefined; nonce: bigint; time: bigint },
): OrderStatus {
  if (filled !== undefined) return "redeemed";
  if (order.supersededBy !== undefined) return "superseded";
  if (order.revoked) return "revoked";
  if (order.nonce < nonce) return "invalidated";
  return order.voucher.validUntil <= time ? "expired" : "open";
}
