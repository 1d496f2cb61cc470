import { bytesToHex, type Address, type Hex } from "viem";
import { orderIdOf } from "../../sdk/orderId.ts";
import type { StoredOrder } from "./StoredOrder.ts";

/** An order for `amount` more than what is in the position. `random` gives the 16 bytes of its key. */
export function newOrder({
  chainId,
  sale,
  buyer,
  nonce,
  paid,
  amount,
  supersedes,
  random = () => crypto.getRandomValues(new Uint8Array(16)),
}: {
  chainId: number;
  sale: Address;
  buyer: Address;
  nonce: bigint;
  paid: bigint;
  amount: bigint;
  supersedes?: Hex | undefined;
  random?: () => Uint8Array;
}): StoredOrder {
  const key = bytesToHex(random()).slice(2);
  return {
    buyer,
    key,
    orderId: orderIdOf({ chainId, sale, principal: buyer.toLowerCase(), key }),
    ...{ nonce, amount, cumulativeCap: paid + amount },
    ...(supersedes === undefined ? {} : { supersedes }),
  };
}
