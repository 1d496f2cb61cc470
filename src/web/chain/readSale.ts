import type { Address, Hex } from "viem";
import { getBlock, getChainId, readContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { phaseOf, type Phase } from "../../sdk/phase.ts";
import type { PageClient } from "./createChain.ts";

/** The sale as the chain has it at one block. Money in base units, times in seconds since 1970, zero: not yet. */
export type SaleState = {
  chainId: number;
  block: bigint;
  /** Time of that block: what the sale calls now. */
  time: bigint;
  phase: Phase;
  raised: bigint;
  termsHash: Hex;
  history: Hex;
  settledAt: bigint;
  listedAt: bigint;
  pausedUntil: bigint;
};

export async function readSale(client: PageClient, address: Address): Promise<SaleState> {
  const [chainId, block] = await Promise.all([getChainId(client), getBlock(client)]);
  const sale = { address, abi: saleAbi, blockNumber: block.number } as const;
  const [phase, raised, termsHash, history, settledAt, listedAt, pausedUntil] = await Promise.all([
    readContract(client, { ...sale, functionName: "phase" }),
    readContract(client, { ...sale, functionName: "raised" }),
    readContract(client, { ...sale, functionName: "termsHash" }),
    readContract(client, { ...sale, functionName: "history" }),
    readContract(client, { ...sale, functionName: "settledAt" }),
    readContract(client, { ...sale, functionName: "listedAt" }),
    readContract(client, { ...sale, functionName: "pausedUntil" }),
  ]);
  return {
    ...{ chainId, block: block.number, time: block.timestamp, phase: phaseOf(phase) },
    ...{ raised, termsHash, history, settledAt, listedAt, pausedUntil },
  };
}
