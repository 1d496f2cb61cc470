import { choosePath, type PathFacts } from "./choosePath.ts";

/** Where a transaction that was sent stands; `missing`: the node does not know it (dropped, or never arrived). */
export type TransactionState = "pending" | "succeeded" | "reverted" | "missing";

/** All that decides what a purchase does next; read anew before each step, so any interruption is harmless. */
export type PurchaseFacts = PathFacts & {
  /** The `Purchased` event of this order is on chain. */
  bought: boolean;
  /** The order's nonce, and the buyer's next valid one on chain. */
  nonce: bigint;
  chainNonce: bigint;
  purchase?: TransactionState | undefined;
  approval?: TransactionState | undefined;
  /** A batch was handed to the wallet, and its end is not known yet. */
  batchSent: boolean;
  /** The buyer's signature for the payment is at hand. */
  signed: boolean;
  /** Seconds, exclusive, of the voucher at hand. */
  voucherUntil?: bigint | undefined;
  /** Chain time, seconds. */
  now: bigint;
  balance: bigint;
};

export type PurchaseStep =
  | "finish"
  | "give-up"
  | "report-revert"
  | "await-purchase"
  | "await-approval"
  | "await-batch"
  | "order"
  | "renew"
  | "top-up"
  | "reset-allowance"
  | "approve"
  | "sign"
  | "batch"
  | "purchase";

/** The next step on the shortest safe path. Nothing is sent while something sent before may still be mined. */
export function nextStep(facts: PurchaseFacts): PurchaseStep {
  if (facts.bought) return "finish";
  if (facts.purchase === "pending") return "await-purchase";
  if (facts.chainNonce !== facts.nonce) return "give-up";
  if (facts.batchSent) return "await-batch";
  if (facts.approval === "pending") return "await-approval";
  if (facts.purchase === "reverted" || facts.approval === "reverted") return "report-revert";

  if (facts.voucherUntil === undefined) return "order";
  if (facts.voucherUntil <= facts.now) return "renew";
  if (facts.balance < facts.amount) return "top-up";

  const path = choosePath(facts);
  if (path !== "authorization" && path !== "permit") return path;
  return facts.signed ? "purchase" : "sign";
}
