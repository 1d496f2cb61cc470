import type { RpcCall } from "./rpcSource.ts";
import { headerOf } from "./blocks.ts";
import type { RpcPool } from "./rpcPool.ts";

/** When a block counts as final: so many blocks below the head, or when the chain's consensus says so. */
export type Finality = { kind: "depth"; depth: number } | { kind: "tag" };

const finalisedBlock: RpcCall = { method: "eth_getBlockByNumber", params: ["finalized", false] };

/** Number of the highest final block at `head`; negative while there is none. */
export async function finalisedNumber(pool: RpcPool, finality: Finality, head: number): Promise<number> {
  if (finality.kind === "depth") return head - finality.depth;
  const { answers } = await pool.batch([finalisedBlock]);
  return Math.min(head, headerOf(answers[0])?.number ?? -1);
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
