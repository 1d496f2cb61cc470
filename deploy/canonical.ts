import { encodeDeployData, type Hex } from "viem";
import { contractArtifact } from "./artifacts.ts";
import type { ChainParameters } from "./chains.ts";
import { creationOf, type Creation } from "./creation.ts";
import { HOOK_BITS, mineSalt } from "./mineSalt.ts";

/**
 * The ownerless contracts that all launches of a chain share. Their addresses follow from this repository's bytecode and
 * the chain's own DEX, so a module that an issuer supplies itself is found out.
 */
export function canonicalModules({
  uniswapV2,
  uniswapV3,
  uniswapV4,
}: Pick<ChainParameters, "uniswapV2" | "uniswapV3" | "uniswapV4">): Record<
  "vesting" | "venueV2" | "venueV3" | "venueV4" | "registry",
  Creation
> {
  return {
    vesting: creationOf(contractArtifact("Vesting.sol/Vesting")),
    venueV2: creationOf(contractArtifact("venues/VenueV2.sol/VenueV2"), [uniswapV2.factory, uniswapV2.weth]),
    venueV3: creationOf(contractArtifact("venues/VenueV3.sol/VenueV3"), [uniswapV3.factory, uniswapV2.weth]),
    venueV4: venueV4(uniswapV4),
    registry: creationOf(contractArtifact("LaunchRegistry.sol/LaunchRegistry")),
  };
}

/** Those of them that list and lock. */
export function venuesOf({
  venueV4,
  venueV3,
  venueV2,
}: Pick<ReturnType<typeof canonicalModules>, "venueV4" | "venueV3" | "venueV2">): Creation[] {
  return [venueV4, venueV3, venueV2];
}

function venueV4({ poolManager }: ChainParameters["uniswapV4"]): Creation {
  const artifact = contractArtifact("venues/VenueV4.sol/VenueV4");
  const args = [poolManager];
  const initCode = encodeDeployData({ abi: artifact.abi, bytecode: artifact.bytecode, args });
  return creationOf(artifact, args, hookSalt(initCode));
}

const hookSalts = new Map<Hex, Hex>();

/** Thousands of tries: once for each init code. */
function hookSalt(initCode: Hex): Hex {
  const salt = hookSalts.get(initCode) ?? mineSalt(initCode, HOOK_BITS);
  hookSalts.set(initCode, salt);
  return salt;
}
