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

/** Local chains call every block final or none, so there the depth must be given. */
export function defaultFinality(chainId: number): Finality | undefined {
  return chainId === 31337 || chainId === 1337 ? undefined : { kind: "tag" };
}
