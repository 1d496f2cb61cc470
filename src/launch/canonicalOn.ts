import { canonicalModules, venuesOf } from "../../deploy/canonical.ts";
import { chainParameters } from "../../deploy/chains.ts";
import type { CanonicalModules } from "./requireCanonical.ts";

/** Where our own modules lie on a chain. Throws `chain-unknown`. */
export function canonicalOn(chainId: number): CanonicalModules {
  const modules = canonicalModules(chainParameters(chainId));
  return { venues: venuesOf(modules).map(({ address }) => address), vesting: modules.vesting.address };
}
