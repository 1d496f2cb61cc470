import { canonicalModules } from "../../deploy/canonical.ts";
import { chainParameters, LOCAL_CHAIN_ID } from "../../deploy/chains.ts";
import type { Creation } from "../../deploy/creation.ts";
import { bringKeylessDeployer, KEYLESS_DEPLOYER } from "../../deploy/keyless.ts";
import { localWorld } from "../../deploy/localWorld.ts";
import type { Launch } from "./saleOnUniswapV2.ts";

/** Brings Uniswap and the canonical venue on it to the chain, as a deployment does; answers the venue's address. */
export async function bringVenue(
  { connection, deployer }: Pick<Launch, "connection" | "deployer">,
  name: "venueV3" | "venueV4",
): Promise<Creation["address"]> {
  await bringKeylessDeployer(connection.provider);
  const { weth, factoryV3, poolManager } = localWorld();
  const venue = canonicalModules(chainParameters(LOCAL_CHAIN_ID))[name];
  for (const { call } of [...(name === "venueV3" ? [weth, factoryV3] : [poolManager]), venue]) {
    await (await deployer.sendTransaction({ to: KEYLESS_DEPLOYER, data: call })).wait();
  }
  return venue.address;
}
