import { trim, type Address, type Hex } from "viem";
import type { RpcPool } from "./rpcPool.ts";

/** What a contract must answer at a block if the copied events are all that there are. */
export type Expectation = {
  /** What is asked for, in words. */
  what: string;
  to: Address;
  data: Hex;
  /** The answer begins with one of these. */
  wanted: readonly Hex[];
};

/** In what copied events and the chain do not agree. */
export type Broken = { what: string; got: string; wanted: string };

export type Answered = { type: "met" } | { type: "unknown" } | { type: "broken"; broken: Broken };

/** Calls in one HTTP request at most. */
const CALLS_AT_ONCE = 100;

/** Asks each contract at one block; `unknown` where a node no longer has the state of that block. */
export async function askExpected(
  pool: RpcPool,
  expected: readonly Expectation[],
  blockHash: Hex,
): Promise<Answered> {
  for (let at = 0; at < expected.length; at += CALLS_AT_ONCE) {
    const part = expected.slice(at, at + CALLS_AT_ONCE);
    const { answers } = await pool.batch(
      part.map(({ to, data }) => ({ method: "eth_call", params: [{ to, data }, { blockHash }] })),
    );
    for (const [index, { what, wanted }] of part.entries()) {
      const answer = answers[index];
      const got = answer?.ok === true && typeof answer.result === "string" ? answer.result : "0x";
      if (got === "0x") return { type: "unknown" };
      if (wanted.some((one) => got.startsWith(one))) continue;
      const told = wordsOf(got as Hex, wanted[0]?.length ?? 66);
      return {
        type: "broken",
        broken: { what, got: wanted.map((one) => wordsOf(one)).join(" or "), wanted: told },
      };
    }
  }
  return { type: "met" };
}

/** Words without their zeros in front, as many as are compared. */
function wordsOf(answer: Hex, length = answer.length): string {
  const words = answer.slice(2, length).match(/.{1,64}/g) ?? [];
  return words.map((word) => trim(`0x${word}`)).join(" ");
}
