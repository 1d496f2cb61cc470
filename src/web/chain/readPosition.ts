import { zeroAddress, type Address } from "viem";
import { getBalance, readContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { PageClient } from "./createChain.ts";
import { erc20Abi } from "./erc20Abi.ts";

/** One buyer's part of the sale, straight from the chain. Base units; times in seconds. */
export type Position = {
  /** Currency in the position now. */
  paid: bigint;
  /** Currency whose tokens were claimed. */
  claimed: bigint;
  /** Next valid one. */
  nonce: bigint;
  /** Last purchase. */
  paidAt: bigint;
  /** Currency that `releaseEjected` pays. */
  ejected: bigint;
  /** Tokens that `claim` sends now. */
  claimable: bigint;
  /** Currency in the wallet. */
  balance: bigint;
};

export async function readPosition(
  client: PageClient,
  { sale, currency, buyer }: { sale: Address; currency: Address; buyer: Address },
): Promise<Position> {
  const of = { address: sale, abi: saleAbi, args: [buyer] } as const;
  const [[paid, claimed, nonce, paidAt], ejected, claimable, balance] = await Promise.all([
    readContract(client, { ...of, functionName: "positionOf" }),
    readContract(client, { ...of, functionName: "ejectedOf" }),
    readContract(client, { ...of, functionName: "claimable" }),
    readBalance(client, { currency, owner: buyer }),
  ]);
  return { paid, claimed, nonce, paidAt, ejected, claimable, balance };
}

/** Of the currency; the zero address is ether. */
export function readBalance(
  client: PageClient,
  { currency, owner }: { currency: Address; owner: Address },
): Promise<bigint> {
  return currency === zeroAddress
    ? getBalance(client, { address: owner })
    : readContract(client, { address: currency, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
}
