import type { Address } from "viem";
import { SlipwayError } from "../src/sdk/problem.ts";
import { localAddresses } from "./localAddresses.ts";

/** What a launch needs to know of a chain: addresses of others, none of ours. */
export type ChainParameters = {
  name: string;
  uniswapV2: { factory: Address; router: Address; weth: Address };
  uniswapV3: { factory: Address; router: Address };
  uniswapV4: { poolManager: Address; universalRouter: Address; permit2: Address };
  /** By symbol; a launch file may name an address itself. */
  currencies: Record<string, { address: Address; decimals: number }>;
};

export const LOCAL_CHAIN_ID = 31337;

/** Throws `chain-unknown`. */
export function chainParameters(chainId: number): ChainParameters {
  if (chainId === LOCAL_CHAIN_ID) return localParameters();
  throw new SlipwayError({
    code: "chain-unknown",
    message: `Chain ${String(chainId)} has no parameters.`,
    wayOut: "Add the addresses of its DEX to deploy/chains.ts.",
  });
}

function localParameters(): ChainParameters {
  const { weth, factory, router, factoryV3, routerV3, usdc, ...world } = localAddresses;
  const { poolManager, universalRouter, permit2 } = world;
  return {
    name: "local chain",
    uniswapV2: { factory, router, weth },
    uniswapV3: { factory: factoryV3, router: routerV3 },
    uniswapV4: { poolManager, universalRouter, permit2 },
    currencies: { USDC: { address: usdc, decimals: 6 } },
  };
}
