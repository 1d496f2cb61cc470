import type { SaleTerms } from "../../sdk/terms.ts";

/** First second in which a buyer can no longer withdraw: the cooling-off's end, or the close where that is earlier. */
export function withdrawableUntil(
  paidAt: bigint,
  { coolingOff, closesAt }: Pick<SaleTerms, "coolingOff" | "closesAt">,
): bigint {
  const end = paidAt + coolingOff;
  return end < closesAt ? end : closesAt;
}
