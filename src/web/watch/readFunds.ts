import { zeroAddress, type Address, type Hex } from "viem";
import { readContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { venueV2Abi } from "../../sdk/abi/VenueV2.ts";
import { vestingAbi } from "../../sdk/abi/Vesting.ts";
import type { Terms } from "../../sdk/terms.ts";
import type { PageClient } from "../chain/createChain.ts";
import { readBalance } from "../chain/readPosition.ts";
import type { Listing } from "./readListing.ts";

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

/** `lock` is undefined where there is no pool. */
export type Listed = Listing & { lock: Lock | undefined };

/** `until` is `LOCKED_FOR_EVER`, or the first second in which `recipient` can be given the liquidity; nothing is left after that. */
export type Lock = { recipient: Address; until: bigint; liquidity: bigint };

export async function readFunds(client: PageClient, { sale, terms, listing }: FundsQuery): Promise<Funds> {
  const contract = { address: sale, abi: saleAbi } as const;
  const { vesting } = terms.vesting;
  const [owner, token, [feeOwed, treasury, treasuryPaid, unsold], balance, grant, lock] = await Promise.all([
    readContract(client, { ...contract, functionName: "owner" }),
    readContract(client, { ...contract, functionName: "token" }),
    readContract(client, { ...contract, functionName: "credits" }),
    readBalance(client, { currency: terms.sale.currency, owner: sale }),
    vesting === zeroAddress || terms.vesting.allocationsTotal === 0n
      ? undefined
      : readContract(client, { address: vesting, abi: vestingAbi, functionName: "grantOf", args: [sale] }),
    listing === undefined || terms.listing.liquidityBps === 0
      ? undefined
      : readLock(client, terms.listing.venue, listing.id),
  ]);
  const tokens = token === zeroAddress ? 0n : await readBalance(client, { currency: token, owner: sale });
  return {
    ...{ owner, balance, feeOwed, treasury, treasuryPaid, token, tokens, unsold, vesting: grant?.[2] ?? 0n },
    listed: listing && { ...listing, lock },
  };
}

type FundsQuery = {
  sale: Address;
  terms: Pick<Terms, "sale" | "vesting" | "listing">;
  /** Undefined before it. */
  listing: Listing | undefined;
};

/** Every venue is the lock of its pools, in the same words. */
async function readLock(client: PageClient, venue: Address, id: Hex): Promise<Lock> {
  const call = { address: venue, abi: venueV2Abi, functionName: "lockOf", args: [id] } as const;
  const [recipient, until, liquidity] = await readContract(client, call);
  return { recipient, until, liquidity };
}
