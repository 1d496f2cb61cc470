import { BaseError, ContractFunctionRevertedError } from "viem";
import { SlipwayError } from "../../src/sdk/problem.ts";

/** Counts refusals by code, and insists on the expected one. */
export type Refusals = {
  /** Runs what must be refused with `code`; throws `demo-mismatch` when it passes or is refused otherwise. */
  expect: (code: string, attempt: () => Promise<unknown>) => Promise<RefusedWith>;
  counts: () => Record<string, number>;
};

export type RefusedWith = {
  code: string;
  /** "got 0, wanted 1" for contract errors that carry numbers; else empty. */
  detail: string;
};

export function createRefusals(): Refusals {
  const counts = new Map<string, number>();
  return {
    expect: async (code, attempt) => {
      let refusal: RefusedWith = { code: "nothing", detail: "it passed" };
      try {
        await attempt();
      } catch (error) {
        refusal = refusalOf(error);
      }
      if (refusal.code !== code) {
        throw new SlipwayError({
          code: "demo-mismatch",
          message: `Expected the refusal ${code}, got ${refusal.code}. ${refusal.detail}`,
          wayOut: "This is a bug of Slipway: please report it with the seed.",
        });
      }
      counts.set(code, (counts.get(code) ?? 0) + 1);
      return refusal;
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b))),
  };
}

/** The stable code of an error of the signer (its problem's code) or of a contract (its error's name). */
export function refusalOf(error: unknown): RefusedWith {
  if (error instanceof SlipwayError) return { code: error.code, detail: "" };
  if (error instanceof BaseError) {
    const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
    if (reverted instanceof ContractFunctionRevertedError && reverted.data !== undefined) {
      const [got, wanted] = reverted.data.args ?? [];
      const both = typeof got === "bigint" && typeof wanted === "bigint";
      return {
        code: reverted.data.errorName,
        detail: both ? `got ${String(got)}, wanted ${String(wanted)}` : "",
      };
    }
  }
  return { code: "unknown-error", detail: error instanceof Error ? error.message : String(error) };
}
