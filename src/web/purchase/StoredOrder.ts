import type { Address, Hex } from "viem";
import type { RefusableWay } from "./choosePath.ts";

/** A purchase on its way: kept by the browser from before its first request, so that a reload goes on instead of anew. */
export type StoredOrder = {
  buyer: Address;
  /** Idempotency key, 128 random bits in hex; with chain, sale and buyer it makes the order id. */
  key: string;
  orderId: Hex;
  /** Buyer's nonce on chain when the order was made: it can be consumed once only. */
  nonce: bigint;
  /** Currency base units. */
  amount: bigint;
  cumulativeCap: bigint;
  /** Open order that this one replaces. */
  supersedes?: Hex;
  /** Ways to pay that did not work for this order. */
  refused?: readonly RefusableWay[];
  /** What the wallet calls the batch it was handed (EIP-5792). */
  batchId?: string;
  approvalHash?: Hex;
  purchaseHash?: Hex;
  receipt?: PurchaseReceipt;
};

/** The wallet was handed the payment: it may arrive without us. */
export function isSent({ purchaseHash, batchId }: Pick<StoredOrder, "purchaseHash" | "batchId">): boolean {
  return purchaseHash !== undefined || batchId !== undefined;
}

/** What a buyer can show: which order, which transaction, where it stands in the sale's history. */
export type PurchaseReceipt = {
  orderId: Hex;
  transaction: Hex;
  block: bigint;
  nonce: bigint;
  /** Paid, currency base units. */
  amount: bigint;
  /** The sale's running history hash after this purchase. */
  history: Hex;
};
