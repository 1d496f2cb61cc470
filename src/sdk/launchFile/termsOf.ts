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

/** Fee tier and tick spacing that a venue lists with. */
const poolKinds = {
  "uniswap-v2": { feeTier: 3_000, tickSpacing: 0 },
  none: { feeTier: 0, tickSpacing: 0 },
} as const;

/** The terms as the contract hashes them. */
export function termsOf(launch: Launch, places: Places): Terms {
  const { venue, ...listing } = launch.listing;
  const { allocations, buyers } = launch.vesting;
  return {
    chainId: BigInt(launch.chainId),
    token: launch.token,
    sale: { currency: places.currency, ...launch.sale },
    listing: { ...listing, venue: places.venue, ...poolKinds[venue] },
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
