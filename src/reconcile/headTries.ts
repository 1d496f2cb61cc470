import type { BlockRef } from "../chain/blocks.ts";
import { SlipwayError } from "../sdk/problem.ts";

import { difference, type Difference } from "./Difference.ts";

/** Looks at a head that moves, or that the nodes do not have yet, and the pause between two. */
export const HEAD_TRIES = 10;
export const PAUSE_MS = 200;

/** Undefined where the nodes do not have the block that is asked about. */
export async function orUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "rpc-refused") return undefined;
    throw error;
  }
}

/** Of a head of the indexer that no node ever had. */
export function headUnknown({ number, hash }: BlockRef): Difference {
  return difference("state-differs", "head", `block ${number}, ${hash}`, "a block that the nodes have");
}
