import type { Address } from "viem";
import { canonicalModules } from "../../deploy/canonical.ts";
import { chainParameters, LOCAL_CHAIN_ID } from "../../deploy/chains.ts";
import { bringKeylessDeployer, KEYLESS_DEPLOYER } from "../../deploy/keyless.ts";
import { localWorld } from "../../deploy/localWorld.ts";

type Provider = Parameters<typeof bringKeylessDeployer>[0];

/** Brings Uniswap and the canonical venue on it to the chain, as a deployment does; answers the venue's address. */
export async function bringVenue(provider: Provider, name: "venueV3" | "venueV4"): Promise<Address> {
  await bringKeylessDeployer(provider);
  const { weth, factoryV3, poolManager } = localWorld();
  const venue = canonicalModules(chainParameters(LOCAL_CHAIN_ID))[name];
  const [from] = (await provider.request({ method: "eth_accounts" })) as Address[];
  for (const { call } of [...(name === "venueV3" ? [weth, factoryV3] : [poolManager]), venue]) {
    const deployment = { from, to: KEYLESS_DEPLOYER, data: call };
    await provider.request({ method: "eth_sendTransaction", params: [deployment] });
  }
  return venue.address;
}
