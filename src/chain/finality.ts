import type { RpcCall } from "./rpcSource.ts";
import { headBlock, headerOf, type Header } from "./blocks.ts";
import type { RpcPool } from "./rpcPool.ts";

/** When a block counts as final: so many blocks below the head, or when the chain's consensus says so. */
export type Finality = { kind: "depth"; depth: number } | { kind: "tag" };

/** What the nodes hold to be the latest block, one after the other, and the highest block that is final for all of them. */
export type Standing = { heads: readonly Header[]; final: number };

const finalisedBlock: RpcCall = { method: "eth_getBlockByNumber", params: ["finalized", false] };

/**
 * Asks every node: what one alone calls final or latest moves nothing. `final` is negative while there is none; a node that
 * does not say has no part in it.
 */
export async function readCommonStanding(pool: RpcPool, finality: Finality): Promise<Standing> {
  const told = await pool.every(finality.kind === "tag" ? [headBlock, finalisedBlock] : [headBlock]);
  const heads: Header[] = [];
  const finals: number[] = [];
  for (const { answers } of told) {
    const [head, finalised] = answers.map(headerOf);
    if (head === undefined) continue;
    heads.push(head);
    if (finality.kind === "depth") finals.push(head.number - finality.depth);
    else if (finalised !== undefined) finals.push(finalised.number);
  }
  if (finals.length === 0) return { heads, final: -1 };
  return { heads, final: Math.min(...finals, ...heads.map(({ number }) => number)) };
}

/** Seconds behind the head after which a chain's finality counts as stalled: twice or more of what it takes. */
export function stalledAfterSeconds(chainId: number): number | undefined {
  switch (chainId) {
    case 31337:
    case 1337:
      return undefined; // its clock is moved by hand
    case 56: // BNB Smart Chain: seconds
      return 120;
    case 1: // Ethereum: 13 to 19 minutes
    case 11155111:
      return 2_400;
    default: // OP stack and Arbitrum wait for Ethereum and for their batches
      return 5_400;
  }
}

/** Local chains call every block final or none, so there the depth must be given. */
export function defaultFinality(chainId: number): Finality | undefined {
  return chainId === 31337 || chainId === 1337 ? undefined : { kind: "tag" };
}
