import { getAddress, zeroAddress, type Address } from "viem";
import { canonicalModules } from "../../deploy/canonical.ts";
import { chainParameters } from "../../deploy/chains.ts";
import type { Terms } from "../sdk/terms.ts";

/**
 * Contracts of others that a launch relies on, by what deploy/chains.ts and the launch file call them: the DEX that its
 * venue lists on, the currency, a token that exists. Throws `chain-unknown`.
 */
export function addressesBeneath({
  chainId,
  terms,
}: {
  chainId: number;
  terms: Terms;
}): [name: string, address: Address][] {
  const parameters = chainParameters(chainId);
  const { venueV2, venueV3, venueV4 } = canonicalModules(parameters);
  const lists = ({ address }: { address: Address }) => address === getAddress(terms.listing.venue);
  const dex = [
    ...(lists(venueV2) ? named("uniswapV2", parameters.uniswapV2) : []),
    ...(lists(venueV3)
      ? [
          ...named("uniswapV3", parameters.uniswapV3),
          ...named("uniswapV2", { weth: parameters.uniswapV2.weth }),
        ]
      : []),
    ...(lists(venueV4) ? named("uniswapV4", parameters.uniswapV4) : []),
  ];
  const all: [string, Address][] = [
    ...dex,
    ["sale.currency", terms.sale.currency],
    ["token.existing", terms.token.existing],
  ];
  return all.filter(([, address]) => address !== zeroAddress);
}

function named(dex: string, addresses: Record<string, Address>): [string, Address][] {
  return Object.entries(addresses).map(([name, address]) => [`${dex}.${name}`, address]);
}
