import type { Address } from "viem";
import { indexerError } from "../sdk/indexerErrors.ts";
import { SlipwayError } from "../sdk/problem.ts";
import type { Queries } from "./queries.ts";

/** A sale is read anew in less, or in many times as long. */
const COME_BACK_SECONDS = 10;

/**
 * Right or silent: which copy of the sale may be read now. Throws `anchor-broken` or `sale-quarantined` where it is in
 * doubt, `copy-behind` where it went back below what was final, or is another one than `known`.
 */
export async function trusted(
  queries: Pick<Queries, "copyOf">,
  sale: Address,
  known?: string,
): Promise<string> {
  const { stop, behind, copy } = await queries.copyOf(sale);
  if (stop !== undefined) {
    const code = stop.code === "anchor-broken" ? "anchor-broken" : "sale-quarantined";
    const { message, retryable } = indexerError(code, stop.reason);
    throw new SlipwayError({ code, message, retryable, wayOut: stop.wayOut });
  }
  if (behind || (known !== undefined && copy !== known)) throw wentBack(sale);
  return copy;
}

/** Rows that were read are no longer so. */
export function wentBack(sale: Address): SlipwayError {
  return indexerError("copy-behind", sale, { retryAfterSeconds: COME_BACK_SECONDS });
}
