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

/** The header in an answer; undefined when the node does not have that block, or what it sent is none. */
export function headerOf(answer: RpcAnswer | undefined): Header | undefined {
  if (answer?.ok !== true) return undefined;
  const block = (answer.result ?? {}) as Partial<Record<string, unknown>>;
  const { number, hash, parentHash: parent, timestamp: time } = block;
  if (!isQuantity(number) || !isHash(hash) || !isHash(parent) || !isQuantity(time)) return undefined;
  return { number: Number(number), hash, parent, time: Number(time) };
}

/** Larger ones are no number of a block, place or second. */
export function isQuantity(value: unknown): value is Hex {
  return typeof value === "string" && /^0x[0-9a-f]{1,13}$/i.test(value);
}

function isHash(value: unknown): value is Hex {
  return typeof value === "string" && /^0x[0-9a-f]{64}$/i.test(value);
}

export function refOf({ number, hash, time }: BlockRef): BlockRef {
  return { number, hash, time };
}
