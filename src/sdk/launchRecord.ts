import type { Address, Hex } from "viem";
import type { Policy } from "./policy.ts";
import type { Terms } from "./terms.ts";

/**
 * What a deployment leaves behind and every service starts from: where the launch is, and what it promised.
 * JSON with bigints as decimal strings (`stringifyRecord`, `parseRecord`).
 */
export type LaunchRecord = {
  chainId: number;
  sale: Address;
  /** Zero where the venue bears it in `list` (v3): the sale's `token()` from then on. */
  token: Address;
  /** Zero address: ETH. */
  currency: Address;
  venue: Address;
  vesting: Address;
  registry: Address;
  termsHash: Hex;
  policyHash: Hex;
  /** Number of the block the sale was created in. */
  startBlock: bigint;
  terms: Terms;
  policy: Policy;
  /** Whom the launch file names: its insiders and allocations, and who holds a role or is paid. */
  labels?: readonly AddressLabel[];
};

export type AddressLabel = { address: Address; label: string };
