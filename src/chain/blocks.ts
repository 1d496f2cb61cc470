import type { Hex } from "viem";
import type { BlockRef } from "../sdk/indexerApi.ts";
import type { RpcAnswer, RpcCall } from "./rpcSource.ts";

export type { BlockRef };
export type Header = BlockRef & { parent: Hex };

export const headBlock: RpcCall = { method: "eth_getBlockByNumber", params: ["latest", false] };

export function blockAt(number: number): RpcCall {
  return { method: "eth_getBlockByNumber", params: [quantity(number), false] };
}

export function quantity(number: number): Hex {
  return `0x${number.toString(16)}`;
}

/** The header in an answer; undefined when the node does not have that block. */
export function headerOf(answer: RpcAnswer | undefined): Header | undefined {
  if (answer?.ok !== true) return undefined;
  const block = answer.result as { number?: Hex; hash?: Hex; parentHash?: Hex; timestamp?: Hex } | null;
  if (block?.number == null || block.hash == null || block.parentHash == null || block.timestamp == null) {
    return undefined;
  }
  return {
    number: Number(block.number),
    hash: block.hash,
    parent: block.parentHash,
    time: Number(block.timestamp),
  };
}

export function refOf({ number, hash, time }: BlockRef): BlockRef {
  return { number, hash, time };
}
