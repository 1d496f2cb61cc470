import type { SaleTerms } from "../../sdk/terms.ts";
import { tokensOf } from "./tokensOf.ts";

/** Why an amount cannot be bought; `limit` in base units says where it could. */
export type QuoteProblem = {
  code: "too-small" | "below-minimum" | "above-cap" | "sold-out" | "above-left" | "balance-short";
  limit: bigint;
};

export type Quote = {
  /** What would be paid: the amount rounded down to whole `currencyUnits`. */
  fill: bigint;
  /** Token base units for it. */
  tokens: bigint;
  problem?: QuoteProblem;
};

/** Foresees what the sale will say to `amount`, so that nobody is asked to sign what cannot pass. All in base units. */
export function quotePurchase({
  amount,
  sale,
  raised,
  paid,
  capMost,
  balance,
}: {
  amount: bigint;
  sale: Pick<SaleTerms, "price" | "hardCap" | "minPurchase">;
  raised: bigint;
  /** In the buyer's position already. */
  paid: bigint;
  /** Largest position the signer grants this wallet. */
  capMost: bigint;
  balance: bigint;
}): Quote {
  const { price, hardCap, minPurchase } = sale;
  const left = hardCap - raised;
  const fill = amount - (amount % price.currencyUnits);
  const quote = { fill, tokens: tokensOf(fill, price) };
  const stop = (code: QuoteProblem["code"], limit: bigint): Quote => ({ ...quote, problem: { code, limit } });

  if (left <= 0n) return stop("sold-out", 0n);
  if (fill === 0n) return stop("too-small", price.currencyUnits);
  if (fill > left) return stop("above-left", left);
  const room = capMost > paid ? capMost - paid : 0n;
  if (fill > room) return stop("above-cap", room);
  // The last fill of a sale may be smaller.
  if (paid + fill < minPurchase && fill !== left) return stop("below-minimum", minPurchase - paid);
  if (fill > balance) return stop("balance-short", balance);
  return quote;
}
