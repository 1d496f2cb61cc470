import { isHex, trim, type Address, type Hex } from "viem";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { RpcPool } from "./rpcPool.ts";
import type { RpcAnswer } from "./rpcSource.ts";

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

/**
 * Asks every node what each contract says at one block; `unknown` where none has the state of that block any more. Throws
 * `rpcs-disagree` where one says what is wanted and another something else: which of them lies, nobody can tell.
 */
export async function askExpected(
  pool: RpcPool,
  expected: readonly Expectation[],
  blockHash: Hex,
): Promise<Answered> {
  for (let at = 0; at < expected.length; at += CALLS_AT_ONCE) {
    const part = expected.slice(at, at + CALLS_AT_ONCE);
    const told = await pool.every(
      part.map(({ to, data }) => ({ method: "eth_call", params: [{ to, data }, { blockHash }] })),
    );
    const answered = told.map(({ source: { name }, answers }) => ({ name, ...compare(part, answers) }));
    const met = answered.find(({ type }) => type === "met");
    for (const one of answered) {
      if (one.type !== "broken") continue;
      const { name, broken } = one;
      if (met === undefined) return { type: "broken", broken };
      const detail = `${broken.what}: ${name} says ${broken.wanted}, ${met.name} ${broken.got}`;
      throw indexerError("rpcs-disagree", detail);
    }
    if (met === undefined) return { type: "unknown" };
  }
  return { type: "met" };
}

/** What one node says of it. */
function compare(expected: readonly Expectation[], answers: readonly RpcAnswer[]): Answered {
  let known = true;
  for (const [index, { what, wanted }] of expected.entries()) {
    const answer = answers[index];
    const got = answer?.ok === true && isHex(answer.result) ? answer.result : "0x";
    if (got === "0x") known = false;
    else if (!wanted.some((one) => got.startsWith(one))) {
      const told = wordsOf(got, wanted[0]?.length ?? 66);
      const broken = { what, got: wanted.map((one) => wordsOf(one)).join(" or "), wanted: told };
      return { type: "broken", broken };
    }
  }
  return { type: known ? "met" : "unknown" };
}

/** Words without their zeros in front, as many as are compared. */
function wordsOf(answer: Hex, length = answer.length): string {
  const words = answer.slice(2, length).match(/.{1,64}/g) ?? [];
  return words.map((word) => trim(`0x${word}`)).join(" ");
}
