import { hashStruct, type Address, type Hex } from "viem";

/**
 * The terms of one launch, exactly as the contract hashes them (contracts/interfaces/Terms.sol says what each means).
 * Times are seconds since 1970 or durations in seconds; money is in base units of the currency, tokens in base units.
 */
export type Price = { currencyUnits: bigint; tokenUnits: bigint };

export type TokenTerms = {
  name: string;
  symbol: string;
  decimals: number;
  maxSupply: bigint;
  /** Zero address: a new LaunchToken. */
  existing: Address;
};

export type SaleTerms = {
  /** Zero address: ETH. */
  currency: Address;
  price: Price;
  opensAt: bigint;
  closesAt: bigint;
  coolingOff: bigint;
  softCap: bigint;
  hardCap: bigint;
  minPurchase: bigint;
  voucherRequired: boolean;
  ejectable: boolean;
};

export type ListingTerms = {
  delay: bigint;
  deadline: bigint;
  liquidityBps: number;
  price: Price;
  venue: Address;
  feeTier: number;
  tickSpacing: number;
  /** `LOCKED_FOR_EVER`: burned. */
  lockSeconds: bigint;
};

export type PayoutTerms = {
  feeBps: number;
  feeFixed: bigint;
  feeRecipient: Address;
  treasury: Address;
  streamSeconds: bigint;
  burnUnsold: boolean;
};

export type Schedule = {
  initialBps: number;
  cliffSeconds: bigint;
  durationSeconds: bigint;
  steps: number;
};

export type VestingTerms = {
  vesting: Address;
  buyers: Schedule;
  allocationsRoot: Hex;
  allocationsTotal: bigint;
};

export type DocumentTerms = { hash: Hex; uri: string };

export type RoleTerms = {
  owner: Address;
  compliance: Address;
  guardian: Address;
  signer: Address;
  signerMaxCap: bigint;
  signerMaxWindow: bigint;
};

export type Terms = {
  chainId: bigint;
  token: TokenTerms;
  sale: SaleTerms;
  listing: ListingTerms;
  payout: PayoutTerms;
  vesting: VestingTerms;
  document: DocumentTerms;
  roles: RoleTerms;
};

/** `listing.lockSeconds` that never ends: 2^64 − 1. */
export const LOCKED_FOR_EVER = 2n ** 64n - 1n;

/** EIP-712 types of `Terms`; the order of fields is part of the hash. */
export const termsTypes = {
  DocumentTerms: [
    { name: "hash", type: "bytes32" },
    { name: "uri", type: "string" },
  ],
  ListingTerms: [
    { name: "delay", type: "uint64" },
    { name: "deadline", type: "uint64" },
    { name: "liquidityBps", type: "uint16" },
    { name: "price", type: "Price" },
    { name: "venue", type: "address" },
    { name: "feeTier", type: "uint24" },
    { name: "tickSpacing", type: "int24" },
    { name: "lockSeconds", type: "uint64" },
  ],
  PayoutTerms: [
    { name: "feeBps", type: "uint16" },
    { name: "feeFixed", type: "uint256" },
    { name: "feeRecipient", type: "address" },
    { name: "treasury", type: "address" },
    { name: "streamSeconds", type: "uint64" },
    { name: "burnUnsold", type: "bool" },
  ],
  Price: [
    { name: "currencyUnits", type: "uint256" },
    { name: "tokenUnits", type: "uint256" },
  ],
  RoleTerms: [
    { name: "owner", type: "address" },
    { name: "compliance", type: "address" },
    { name: "guardian", type: "address" },
    { name: "signer", type: "address" },
    { name: "signerMaxCap", type: "uint256" },
    { name: "signerMaxWindow", type: "uint64" },
  ],
  SaleTerms: [
    { name: "currency", type: "address" },
    { name: "price", type: "Price" },
    { name: "opensAt", type: "uint64" },
    { name: "closesAt", type: "uint64" },
    { name: "coolingOff", type: "uint64" },
    { name: "softCap", type: "uint256" },
    { name: "hardCap", type: "uint256" },
    { name: "minPurchase", type: "uint256" },
    { name: "voucherRequired", type: "bool" },
    { name: "ejectable", type: "bool" },
  ],
  Schedule: [
    { name: "initialBps", type: "uint16" },
    { name: "cliffSeconds", type: "uint64" },
    { name: "durationSeconds", type: "uint64" },
    { name: "steps", type: "uint32" },
  ],
  Terms: [
    { name: "chainId", type: "uint256" },
    { name: "token", type: "TokenTerms" },
    { name: "sale", type: "SaleTerms" },
    { name: "listing", type: "ListingTerms" },
    { name: "payout", type: "PayoutTerms" },
    { name: "vesting", type: "VestingTerms" },
    { name: "document", type: "DocumentTerms" },
    { name: "roles", type: "RoleTerms" },
  ],
  TokenTerms: [
    { name: "name", type: "string" },
    { name: "symbol", type: "string" },
    { name: "decimals", type: "uint8" },
    { name: "maxSupply", type: "uint256" },
    { name: "existing", type: "address" },
  ],
  VestingTerms: [
    { name: "vesting", type: "address" },
    { name: "buyers", type: "Schedule" },
    { name: "allocationsRoot", type: "bytes32" },
    { name: "allocationsTotal", type: "uint256" },
  ],
} as const;

/** EIP-712 struct hash of the terms: the id of a launch on chain, at the signer, in the indexer and on the page. */
export function termsHash(terms: Terms): Hex {
  return hashStruct({ types: termsTypes, primaryType: "Terms", data: terms });
}
