import type { Address, Hex } from "viem";
import { orderIdOf } from "../../sdk/orderId.ts";
import { newOrderKey } from "../../sdk/placeOrder.ts";
import type { StoredOrder } from "./StoredOrder.ts";

/** An order for `amount` more than what is in the position. */
export function newOrder({
  chainId,
  sale,
  buyer,
  nonce,
  paid,
  amount,
  supersedes,
}: {
  chainId: number;
  sale: Address;
  buyer: Address;
  nonce: bigint;
  paid: bigint;
  amount: bigint;
  supersedes?: Hex | undefined;
}): StoredOrder {
  const key = newOrderKey();
  return {
    buyer,
    key,
    orderId: orderIdOf({ chainId, sale, principal: buyer.toLowerCase(), key }),
    ...{ nonce, amount, cumulativeCap: paid + amount },
    ...(supersedes === undefined ? {} : { supersedes }),
  };
}
