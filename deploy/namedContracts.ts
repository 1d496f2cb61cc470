import { isAddressEqual, zeroAddress, type Address } from "viem";
import type { Terms } from "../src/sdk/terms.ts";
import { canonicalModules, venuesOf } from "./canonical.ts";
import { chainParameters } from "./chains.ts";
import type { Creation } from "./creation.ts";
import { saleCreation } from "./saleCreation.ts";

/** A contract that a launch names, and what of ours may stand there. */
export type NamedContract = { name: string; address: Address; ours: readonly Creation[] };

/**
 * The contracts of a launch: what decides whether it is Slipway's own. Their addresses follow from our code, the terms and
 * the chain's DEX; what a launch does without is left out. Throws `chain-unknown`.
 */
export function namedContracts({
  sale,
  terms,
  registry = zeroAddress,
}: {
  sale: Address;
  terms: Terms;
  registry?: Address;
}): NamedContract[] {
  const named: [name: string, address: Address, ours: () => readonly Creation[]][] = [
    ["sale", sale, () => [saleCreation(terms).sale]],
    ["venue", terms.listing.venue, () => venuesOf(modules())],
    ["vesting", terms.vesting.vesting, () => [modules().vesting]],
    ["registry", registry, () => [modules().registry]],
  ];
  const modules = () => canonicalModules(chainParameters(Number(terms.chainId)));
  return named
    .filter(([, address]) => address !== zeroAddress)
    .map(([name, address, ours]) => ({ name, address, ours: ours() }));
}

/** Which of ours it is; undefined where it is none. */
export function oursAt({ address, ours }: NamedContract): Creation | undefined {
  return ours.find((one) => isAddressEqual(one.address, address));
}
