/** Where a transaction that was sent stands; `missing`: the node does not know it (dropped, or never arrived). */
export type TransactionState = "pending" | "succeeded" | "reverted" | "missing";

/** All that decides what a purchase does next; read anew before each step, so any interruption is harmless. */
export type PurchaseFacts = {
  /** The `Purchased` event of this order is on chain. */
  bought: boolean;
  /** The order's nonce, and the buyer's next valid one on chain. */
  nonce: bigint;
  chainNonce: bigint;
  purchase?: TransactionState | undefined;
  approval?: TransactionState | undefined;
  /** Seconds, exclusive, of the voucher at hand. */
  voucherUntil?: bigint | undefined;
  /** Chain time, seconds. */
  now: bigint;
  currency: "ether" | "token";
  amount: bigint;
  balance: bigint;
  /** What the sale may take; zero for ether. */
  allowance: bigint;
  /** The token refuses to change an allowance that is not zero, as USDT does. */
  resetFirst: boolean;
};

export type PurchaseStep =
  | "finish"
  | "give-up"
  | "report-revert"
  | "await-purchase"
  | "await-approval"
  | "order"
  | "renew"
  | "top-up"
  | "reset-allowance"
  | "approve"
  | "purchase";

/**
 * The shortest safe way on: ether, or an allowance that suffices → one transaction; else an exact approval first.
 * Nothing is sent while something sent before may still be mined.
 */
export function nextStep(facts: PurchaseFacts): PurchaseStep {
  if (facts.bought) return "finish";
  if (facts.purchase === "pending") return "await-purchase";
  if (facts.chainNonce !== facts.nonce) return "give-up";
  if (facts.approval === "pending") return "await-approval";
  if (facts.purchase === "reverted" || facts.approval === "reverted") return "report-revert";

  if (facts.voucherUntil === undefined) return "order";
  if (facts.voucherUntil <= facts.now) return "renew";
  if (facts.balance < facts.amount) return "top-up";

  if (facts.currency === "token" && facts.allowance < facts.amount) {
    return facts.resetFirst && facts.allowance > 0n ? "reset-allowance" : "approve";
  }
  return "purchase";
}
