import type { Address } from "viem";
import { stringify } from "../../sdk/json.ts";
import type { StoredOrder } from "./StoredOrder.ts";

/** The orders of one sale that this browser keeps, at most one a wallet. */
export type OrderStore = {
  /** Undefined where there is none, or none that can be read. */
  read: (buyer: Address) => StoredOrder | undefined;
  write: (order: StoredOrder) => void;
  remove: (buyer: Address) => void;
};

const bigints = new Set(["nonce", "amount", "cumulativeCap", "block"]);
const required = ["buyer", "key", "orderId", "nonce", "amount", "cumulativeCap"] as const;

export function createOrderStore({
  storage,
  chainId,
  sale,
}: {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  chainId: number;
  sale: Address;
}): OrderStore {
  const place = (buyer: Address): string =>
    ["slipway", "order", String(chainId), sale, buyer].join(":").toLowerCase();

  return {
    read: (buyer) => parse(storage.getItem(place(buyer))),
    write: (order) => {
      storage.setItem(place(order.buyer), stringify(order));
    },
    remove: (buyer) => {
      storage.removeItem(place(buyer));
    },
  };
}

function parse(text: string | null): StoredOrder | undefined {
  if (text === null) return undefined;
  try {
    const order = JSON.parse(text, (key, value: unknown) =>
      bigints.has(key) && typeof value === "string" ? BigInt(value) : value,
    ) as Partial<StoredOrder>;
    return required.every((field) => order[field] !== undefined) ? (order as StoredOrder) : undefined;
  } catch {
    return undefined;
  }
}
