/** What decides how a purchase is paid. */
export type PathFacts = {
  currency: "ether" | "token";
  amount: bigint;
  /** What the sale may take already; zero for ether. */
  allowance: bigint;
  /** The token refuses to change an allowance that is not zero, as USDT does. */
  resetFirst: boolean;
  /** Several calls in one confirmation (EIP-5792): the wallet does it, or does it after an upgrade of the account. */
  batching: "supported" | "ready" | "none";
  /** The token takes an owner's signature for a payment: EIP-3009, or ERC-2612. */
  takes: "authorization" | "permit" | "nothing";
  /** A contract wallet, or an EIP-7702 account: tokens may refuse its plain signature. */
  ownerHasCode: boolean;
  /** Ways that did not work for this order before. */
  refused: readonly RefusableWay[];
};

export type RefusableWay = "batch" | "signature";
export type Path = "purchase" | "batch" | "authorization" | "permit" | "approve" | "reset-allowance";

/**
 * The shortest safe way to pay: fewest confirmations first, always for exactly the amount, and never a dead end, as a way
 * that did not work once is not taken again.
 */
export function choosePath(facts: PathFacts): Path {
  const { currency, amount, allowance, batching, takes, ownerHasCode, refused } = facts;
  if (currency === "ether" || allowance >= amount) return "purchase";
  if (batching !== "none" && !refused.includes("batch")) return "batch";
  if (takes !== "nothing" && !ownerHasCode && !refused.includes("signature")) return takes;
  return facts.resetFirst && allowance > 0n ? "reset-allowance" : "approve";
}
