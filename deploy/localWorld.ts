import { readFileSync } from "node:fs";
import { keccak256, padHex, zeroAddress } from "viem";
import { contractArtifact, uniswapArtifact, type Artifact } from "./artifacts.ts";
import { creationOf, type Creation } from "./creation.ts";

type Name =
  | ("weth" | "usdc" | "factory" | "router" | "factoryV3" | "routerV3")
  | ("poolManager" | "permit2" | "universalRouter");

/** Under it Uniswap created Permit2 on every chain, so that our copy's address shows that it is the same code. */
const PERMIT2_SALT = padHex("0xd3af2663da51c10215000000", { size: 32 });

/**
 * What a local chain lacks of the outside world: Uniswap's own bytecode of v2, v3, v4 and their routers, WETH9, and a dollar that
 * anybody may mint.
 */
export function localWorld(): Record<Name, Creation> {
  const weth = creationOf(uniswapArtifact("v2-periphery/build/WETH9"));
  const factory = creationOf(uniswapArtifact("v2-core/build/UniswapV2Factory"), [zeroAddress]);
  const router = creationOf(uniswapArtifact("v2-periphery/build/UniswapV2Router02"), [
    factory.address,
    weth.address,
  ]);
  const usdc = creationOf(contractArtifact("mocks/MockUSDC.sol/MockUSDC"));

  const factoryV3 = creationOf(
    uniswapArtifact("v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory"),
  );
  const routerV3 = creationOf(uniswapArtifact("v3-periphery/artifacts/contracts/SwapRouter.sol/SwapRouter"), [
    factoryV3.address,
    weth.address,
  ]);

  const poolManager = creationOf(uniswapArtifact("v4-core/out/PoolManager.sol/PoolManager"), [zeroAddress]);
  const permit2 = creationOf(permit2Artifact(), [], PERMIT2_SALT);
  const universalRouter = creationOf(
    uniswapArtifact("universal-router/artifacts/contracts/UniversalRouter.sol/UniversalRouter"),
    [
      {
        ...{ permit2: permit2.address, weth9: weth.address },
        ...{ v2Factory: factory.address, v3Factory: factoryV3.address },
        pairInitCodeHash: keccak256(uniswapArtifact("v2-core/build/UniswapV2Pair").bytecode),
        poolInitCodeHash: keccak256(
          uniswapArtifact("v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool").bytecode,
        ),
        v4PoolManager: poolManager.address,
        ...{ v3NFTPositionManager: zeroAddress, v4PositionManager: zeroAddress, spokePool: zeroAddress },
      },
    ],
  );
  return { weth, factory, router, usdc, factoryV3, routerV3, poolManager, permit2, universalRouter };
}

/** Not in any small package: kept here, 9 KB of code under the MIT licence. */
function permit2Artifact(): Artifact {
  return JSON.parse(readFileSync(new URL("permit2.json", import.meta.url), "utf8")) as Artifact;
}
