import { DatabaseError } from "../../src/database/DatabaseError.ts";

/** The code that `work` fails with, "none" when it does not; other errors are thrown on. */
export async function codeOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error instanceof DatabaseError) return error.code;
    throw error;
  }
  return "none";
}
