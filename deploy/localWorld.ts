import { contractArtifact, uniswapArtifact } from "./artifacts.ts";
import { creationOf, type Creation } from "./creation.ts";

/** What a local chain lacks of the outside world: Uniswap's own v2 bytecode, WETH9, and a dollar that anybody may mint. */
export function localWorld(): Record<"weth" | "factory" | "router" | "usdc", Creation> {
  const nobody = "0x0000000000000000000000000000000000000000";
  const weth = creationOf(uniswapArtifact("v2-periphery/build/WETH9"));
  const factory = creationOf(uniswapArtifact("v2-core/build/UniswapV2Factory"), [nobody]);
  const router = creationOf(uniswapArtifact("v2-periphery/build/UniswapV2Router02"), [
    factory.address,
    weth.address,
  ]);
  const usdc = creationOf(contractArtifact("mocks/MockUSDC.sol/MockUSDC"));
  return { weth, factory, router, usdc };
}
