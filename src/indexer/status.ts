import type { Address } from "viem";

/** What this process knows of its own progress; the API shows it. */
export type Status = {
  /** Holds the lease and writes; else another process does and this one only reads. */
  writing: boolean;
  /** More of the chain was there than was copied in the last pass. */
  behind: boolean;
  /** Latest block seen, and when (milliseconds of our clock). */
  head: { number: number; time: number; seenAt: number } | undefined;
  /** Why the last pass failed; undefined after one that did not. */
  failure: { code: string; message: string; wayOut: string } | undefined;
  /** Deliveries that failed in a row, by `receiverOf` and sale. */
  webhooks: Map<string, { receiver: string; sale: Address; failures: number }>;
};

export function createStatus(): Status {
  return { writing: false, behind: true, head: undefined, failure: undefined, webhooks: new Map() };
}
