import { zeroAddress, type Address, type Hex } from "viem";
import { getContractEvents, readContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { venueV2Abi } from "../../sdk/abi/VenueV2.ts";
import { vestingAbi } from "../../sdk/abi/Vesting.ts";
import type { Terms } from "../../sdk/terms.ts";
import type { PageClient } from "../chain/createChain.ts";
import { readBalance } from "../chain/readPosition.ts";

/** What tells where a sale's money and tokens are; base units. */
export type Funds = {
  owner: Address;
  /** Currency that the sale contract holds. */
  balance: bigint;
  /** Not released yet. */
  feeOwed: bigint;
  treasury: bigint;
  treasuryPaid: bigint;
  /** Zero where it is born in the listing (v3), before that. */
  token: Address;
  /** Tokens that the sale contract holds; of them `unsold` are not released yet. */
  tokens: bigint;
  unsold: bigint;
  /** Tokens in the vesting contract for this sale. */
  vesting: bigint;
  /** As the listing announced; undefined before. */
  listed: Listed | undefined;
};

export type Listed = {
  id: Hex;
  /** Currency and tokens that went into the pool. */
  pool: bigint;
  poolTokens: bigint;
  fee: bigint;
  unsold: bigint;
  /** Undefined where there is no pool. */
  lock: Lock | undefined;
};

/** `until` is `LOCKED_FOR_EVER`, or the first second in which `recipient` can be given the liquidity; nothing is left after that. */
export type Lock = { recipient: Address; until: bigint; liquidity: bigint };

export async function readFunds(
  client: PageClient,
  { sale, terms, startBlock, isListed }: FundsQuery,
): Promise<Funds> {
  const contract = { address: sale, abi: saleAbi } as const;
  const { vesting } = terms.vesting;
  const [owner, token, [feeOwed, treasury, treasuryPaid, unsold], balance, grant, events] = await Promise.all(
    [
      readContract(client, { ...contract, functionName: "owner" }),
      readContract(client, { ...contract, functionName: "token" }),
      readContract(client, { ...contract, functionName: "credits" }),
      readBalance(client, { currency: terms.sale.currency, owner: sale }),
      vesting === zeroAddress || terms.vesting.allocationsTotal === 0n
        ? undefined
        : readContract(client, { address: vesting, abi: vestingAbi, functionName: "grantOf", args: [sale] }),
      isListed
        ? getContractEvents(client, {
            ...{ ...contract, eventName: "Listed", strict: true, fromBlock: startBlock, toBlock: "latest" },
          } as const)
        : [],
    ],
  );
  const event = events[0]?.args;
  const [tokens, lock] = await Promise.all([
    token === zeroAddress ? 0n : readBalance(client, { currency: token, owner: sale }),
    event === undefined || terms.listing.liquidityBps === 0
      ? undefined
      : readLock(client, terms.listing.venue, event.id),
  ]);
  return {
    ...{ owner, balance, feeOwed, treasury, treasuryPaid, token, tokens, unsold, vesting: grant?.[2] ?? 0n },
    listed: event && {
      ...{ id: event.id, pool: event.poolCurrency, poolTokens: event.poolTokens },
      ...{ fee: event.fee, unsold: event.unsold, lock },
    },
  };
}

type FundsQuery = {
  sale: Address;
  terms: Pick<Terms, "sale" | "vesting" | "listing">;
  startBlock: bigint;
  isListed: boolean;
};

/** Every venue is the lock of its pools, in the same words. */
async function readLock(client: PageClient, venue: Address, id: Hex): Promise<Lock> {
  const call = { address: venue, abi: venueV2Abi, functionName: "lockOf", args: [id] } as const;
  const [recipient, until, liquidity] = await readContract(client, call);
  return { recipient, until, liquidity };
}
