import { canonicalModules } from "../../deploy/canonical.ts";
import { chainParameters } from "../../deploy/chains.ts";
import type { CanonicalModules } from "./requireCanonical.ts";

/** Where our own modules lie on a chain. Throws `chain-unknown`. */
export function canonicalOn(chainId: number): CanonicalModules {
  const { venueV4, venueV3, venueV2, vesting } = canonicalModules(chainParameters(chainId));
  return { venues: [venueV4.address, venueV3.address, venueV2.address], vesting: vesting.address };
}
