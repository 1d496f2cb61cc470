import { getAddress, zeroAddress, type Address } from "viem";
import type { Terms } from "../sdk/terms.ts";
import { launchError } from "./launchErrors.ts";

/** The modules that are ours, by the addresses their code and salt give. */
export type CanonicalModules = { venues: readonly Address[]; vesting: Address };

/**
 * Throws `module-not-canonical` where the terms name a venue or a vesting contract that is not ours: an issuer's own module
 * could take the raise with every promise formally kept.
 */
export function requireCanonical(terms: Terms, { venues, vesting }: CanonicalModules): void {
  const modules: [field: string, got: Address, wanted: readonly Address[]][] = [
    ["listing.venue", terms.listing.venue, venues],
    ["vesting.vesting", terms.vesting.vesting, [vesting]],
  ];
  const problems = modules
    .filter(
      ([, got, wanted]) =>
        got !== zeroAddress && !wanted.map((one) => getAddress(one)).includes(getAddress(got)),
    )
    .map(([field, got, wanted]) => ({
      ...{ code: "module-not-canonical", field, got, wanted: wanted.join(" or ") },
      wayOut: "Compare the address with the one that the deployment's code gives.",
    }));
  if (problems.length > 0) {
    throw launchError("module-not-canonical", problems.map(({ field }) => field).join(", "), { problems });
  }
}
