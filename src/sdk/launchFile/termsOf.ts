import type { Address } from "viem";
import type { Terms } from "../terms.ts";
import { allocationTree } from "./allocationTree.ts";
import type { Launch } from "./Launch.ts";

/** Where a launch's chain has what the launch file names without an address. */
export type Places = {
  /** Zero: ETH. */
  currency: Address;
  venue: Address;
  vesting: Address;
};

/** The terms as the contract hashes them. */
export function termsOf(launch: Launch, places: Places): Terms {
  const { allocations, buyers } = launch.vesting;
  return {
    chainId: BigInt(launch.chainId),
    token: launch.token,
    sale: { currency: places.currency, ...launch.sale },
    listing: { ...launch.listing, venue: places.venue },
    payout: launch.payout,
    vesting: {
      vesting: places.vesting,
      buyers,
      allocationsRoot: allocationTree(allocations).root,
      allocationsTotal: allocations.reduce((sum, { amount }) => sum + amount, 0n),
    },
    document: launch.document,
    roles: launch.roles,
  };
}
