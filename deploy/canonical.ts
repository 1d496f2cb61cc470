import { contractArtifact } from "./artifacts.ts";
import type { ChainParameters } from "./chains.ts";
import { creationOf, type Creation } from "./creation.ts";

/**
 * The ownerless contracts that all launches of a chain share. Their addresses follow from this repository's bytecode and
 * the chain's own DEX, so a module that an issuer supplies itself is found out.
 */
export function canonicalModules({
  uniswapV2,
}: Pick<ChainParameters, "uniswapV2">): Record<"vesting" | "venueV2" | "registry", Creation> {
  return {
    vesting: creationOf(contractArtifact("Vesting.sol/Vesting")),
    venueV2: creationOf(contractArtifact("venues/VenueV2.sol/VenueV2"), [uniswapV2.factory, uniswapV2.weth]),
    registry: creationOf(contractArtifact("LaunchRegistry.sol/LaunchRegistry")),
  };
}
