import type { Address } from "viem";
import type { AddressLabel } from "../launchRecord.ts";
import type { Policy } from "../policy.ts";
import type {
  DocumentTerms,
  ListingTerms,
  PayoutTerms,
  RoleTerms,
  SaleTerms,
  Schedule,
  TokenTerms,
} from "../terms.ts";

/** Venues a launch file may name: contracts/venues, or none. */
export type Venue = "uniswap-v4" | "uniswap-v3" | "uniswap-v2" | "none";

export type Allocation = {
  label: string;
  beneficiary: Address;
  amount: bigint;
  schedule: Schedule;
  /** Zero: cannot be revoked. */
  revoker: Address;
};

/** A launch file parsed and found sound: everything in base units and seconds. `termsOf` makes it the terms of a chain. */
export type Launch = {
  chainId: number;
  token: TokenTerms;
  currency: { symbol: string; decimals: number; address: Address | undefined };
  sale: Omit<SaleTerms, "currency">;
  listing: Omit<ListingTerms, "venue"> & { venue: Venue };
  payout: PayoutTerms;
  vesting: { buyers: Schedule; allocations: readonly Allocation[] };
  document: DocumentTerms;
  /** Where the document lies, from the launch file's folder; empty: it is not said. */
  documentFile: string;
  roles: RoleTerms;
  /** As the file names them; `labelsOf` adds those that follow from the terms. */
  insiders: readonly AddressLabel[];
  policy: Policy;
};
