import type { Address, Hex } from "viem";
import { getContractEvents, readContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { PageClient } from "../chain/createChain.ts";
import { readBalance } from "../chain/readPosition.ts";

/** What tells where a sale's money is; base units of the currency. */
export type Funds = {
  owner: Address;
  /** Currency that the sale contract holds. */
  balance: bigint;
  /** Not released yet. */
  feeOwed: bigint;
  treasury: bigint;
  treasuryPaid: bigint;
  /** As the listing announced; undefined before. */
  listed: Listed | undefined;
};

/** `token`: on v3 it is born in the listing. */
export type Listed = { id: Hex; token: Address; pool: bigint; fee: bigint };

export async function readFunds(
  client: PageClient,
  { sale, currency, startBlock, isListed }: FundsQuery,
): Promise<Funds> {
  const contract = { address: sale, abi: saleAbi } as const;
  const [owner, token, [feeOwed, treasury, treasuryPaid], balance, events] = await Promise.all([
    readContract(client, { ...contract, functionName: "owner" }),
    readContract(client, { ...contract, functionName: "token" }),
    readContract(client, { ...contract, functionName: "credits" }),
    readBalance(client, { currency, owner: sale }),
    isListed
      ? getContractEvents(client, {
          ...{ ...contract, eventName: "Listed", strict: true, fromBlock: startBlock, toBlock: "latest" },
        } as const)
      : [],
  ]);
  const listed = events[0]?.args;
  return {
    ...{ owner, balance, feeOwed, treasury, treasuryPaid },
    listed:
      listed === undefined ? undefined : { id: listed.id, token, pool: listed.poolCurrency, fee: listed.fee },
  };
}

type FundsQuery = { sale: Address; currency: Address; startBlock: bigint; isListed: boolean };
