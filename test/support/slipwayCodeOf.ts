import { SlipwayError } from "../../src/sdk/problem.ts";

/** The code of the `SlipwayError` that `work` fails with, "none" when it does not; other errors are thrown on. */
export async function slipwayCodeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SlipwayError) return error.code;
    throw error;
  }
  return "none";
}
