import { canonicalModules } from "../../deploy/canonical.ts";
import { chainParameters, LOCAL_CHAIN_ID } from "../../deploy/chains.ts";
import { bringKeylessDeployer, KEYLESS_DEPLOYER } from "../../deploy/keyless.ts";
import { localWorld } from "../../deploy/localWorld.ts";
import type { VenueV4 } from "../../types/ethers-contracts/index.js";
import type { Launch } from "./saleOnUniswapV2.ts";

/** Brings v4's manager and the canonical venue on it to the chain. */
export async function bringVenueV4({ connection, ethers, deployer }: Launch): Promise<VenueV4> {
  await bringKeylessDeployer(connection.provider);
  const { poolManager } = localWorld();
  const { venueV4 } = canonicalModules(chainParameters(LOCAL_CHAIN_ID));
  for (const { call } of [poolManager, venueV4]) {
    await (await deployer.sendTransaction({ to: KEYLESS_DEPLOYER, data: call })).wait();
  }
  return (await ethers.getContractAt("VenueV4", venueV4.address)) as unknown as VenueV4;
}
