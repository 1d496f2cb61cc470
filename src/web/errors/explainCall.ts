import { BaseError } from "viem";
import type { SlipwayError } from "../../sdk/problem.ts";
import { explainError } from "./explainError.ts";

/** As `explainError`, for what a call to a contract threw. The catalogue is loaded when the first call fails. */
export async function explainCall(error: unknown): Promise<SlipwayError> {
  if (!(error instanceof BaseError)) return explainError(error);
  try {
    const { contractErrorOf } = await import("../../sdk/contractErrors.ts");
    return contractErrorOf(error) ?? explainError(error);
  } catch {
    // The catalogue did not load: the node's own words have to do.
    return explainError(error);
  }
}
