import type { VenueV3 } from "../../types/ethers-contracts/index.js";
import { deployUniswap, startLaunch } from "./saleOnUniswapV2.ts";

export type V3 = Awaited<ReturnType<typeof startV3>>;

/** As `startLaunch`, with Uniswap v3 and the venue on it. */
export async function startV3() {
  const launch = await startLaunch();
  const { deployer, weth, ethers } = launch;
  const factory = await deployUniswap(
    deployer,
    "v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory",
  );
  const venue = (await ethers.deployContract("VenueV3", [
    await factory.getAddress(),
    await weth.getAddress(),
  ])) as unknown as VenueV3;
  return { ...launch, factory, venue };
}
