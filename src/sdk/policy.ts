import { hashStruct, type Hex } from "viem";

/**
 * What the signer applies and the contract does not know: who may buy how much. It may change between versions, so it
 * has a hash of its own; the terms never change.
 */
export type PolicyTier = {
  id: string;
  /** Currency base units one person may pay in all, over all wallets. */
  personCap: bigint;
  /** Seconds since 1970 in which this tier may buy: from ≤ now < until. */
  opensAt: bigint;
  closesAt: bigint;
  /** How long a voucher lives, seconds. */
  voucherSeconds: bigint;
};

export type Policy = {
  version: bigint;
  tiers: readonly PolicyTier[];
  /** ISO 3166-1 alpha-2 codes, or 3166-2 subdivisions ("UA-43"), upper case, sorted, no doubles. */
  deniedCountries: readonly string[];
  walletsPerPerson: bigint;
  /** Oldest decision that still counts, seconds. */
  decisionMaxAgeSeconds: bigint;
  /** Requests a client may make in a minute. */
  requestsPerMinute: bigint;
};

/** EIP-712 types of `Policy`. */
export const policyTypes = {
  Policy: [
    { name: "version", type: "uint256" },
    { name: "tiers", type: "PolicyTier[]" },
    { name: "deniedCountries", type: "string[]" },
    { name: "walletsPerPerson", type: "uint256" },
    { name: "decisionMaxAgeSeconds", type: "uint256" },
    { name: "requestsPerMinute", type: "uint256" },
  ],
  PolicyTier: [
    { name: "id", type: "string" },
    { name: "personCap", type: "uint256" },
    { name: "opensAt", type: "uint256" },
    { name: "closesAt", type: "uint256" },
    { name: "voucherSeconds", type: "uint256" },
  ],
} as const;

/** EIP-712 struct hash of the policy; the signer serves it, `doctor` compares it. */
export function policyHash(policy: Policy): Hex {
  return hashStruct({
    types: policyTypes,
    primaryType: "Policy",
    data: { ...policy, tiers: [...policy.tiers], deniedCountries: [...policy.deniedCountries] },
  });
}
