import { createHash } from "node:crypto";

const CHUNK = 20_000;

/** The campaign's environment (see Campaign.t.sol). */
export type Chunk = { CAMPAIGN_SEED: string; CAMPAIGN_CALLS: string };

/** Cuts a campaign into parts that run on their own: the same ones for the same seed, whoever runs them. */
export function chunksOf(calls: number, seed: string): Chunk[] {
  return Array.from({ length: Math.ceil(calls / CHUNK) }, (_, index) => ({
    CAMPAIGN_SEED: `0x${createHash("sha256").update(`${seed}/${index}`).digest("hex")}`,
    CAMPAIGN_CALLS: String(Math.min(CHUNK, calls - index * CHUNK)),
  }));
}
