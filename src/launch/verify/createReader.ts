import {
  decodeFunctionResult,
  encodeFunctionData,
  zeroAddress,
  erc20Abi,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { quantity, type BlockRef } from "../../chain/blocks.ts";
import { resultOf, type RpcPool } from "../../chain/rpcPool.ts";
import { isTooLarge, type RpcCall, type RpcSource } from "../../chain/rpcSource.ts";
import type { RawLog } from "../../chain/saleEvents.ts";

/** What is asked of one node, all at one block. */
export type Reader = {
  code: (address: Address) => Promise<Hex>;
  read: <T>(to: Address, abi: Abi, functionName: string, args?: readonly unknown[]) => Promise<T>;
  balance: (asset: Address, holder: Address) => Promise<bigint>;
  /** Logs of a contract with these topics, up to the block. */
  logs: (address: Address, topics: readonly (Hex | null)[], from?: number) => Promise<RawLog[]>;
};

const LARGEST_RANGE = 50_000;

export function createReader(pool: RpcPool, source: RpcSource, block: BlockRef): Reader {
  const at = { blockHash: block.hash };
  async function ask(call: RpcCall): Promise<unknown> {
    const [answer] = await pool.ask(source, [call]);
    return resultOf(source, call, answer);
  }
  const read = async <T>(
    to: Address,
    abi: Abi,
    functionName: string,
    args: readonly unknown[] = [],
  ): Promise<T> => {
    const data = encodeFunctionData({ abi, functionName, args });
    const answer = (await ask({ method: "eth_call", params: [{ to, data }, at] })) as Hex;
    return decodeFunctionResult({ abi, functionName, data: answer }) as T;
  };

  return {
    code: async (address) => (await ask({ method: "eth_getCode", params: [address, at] })) as Hex,
    read,
    balance: async (asset, holder) =>
      asset === zeroAddress
        ? BigInt((await ask({ method: "eth_getBalance", params: [holder, at] })) as Hex)
        : read<bigint>(asset, erc20Abi, "balanceOf", [holder]),
    logs: async (address, topics, from = 0) => {
      const found: RawLog[] = [];
      // A whole chain in one question first: few contracts have many such logs.
      for (let start = from, size = block.number + 1; start <= block.number;) {
        const end = Math.min(block.number, start + size - 1);
        const filter = { address, topics, fromBlock: quantity(start), toBlock: quantity(end) };
        const call = { method: "eth_getLogs", params: [filter] };
        const [answer] = await pool.ask(source, [call]);
        if (answer?.ok === false && isTooLarge(answer.error) && end > start) {
          size = Math.max(1, Math.min(LARGEST_RANGE, Math.floor(size / 2)));
          continue;
        }
        found.push(...(resultOf(source, call, answer) as RawLog[]));
        start = end + 1;
      }
      return found;
    },
  };
}
