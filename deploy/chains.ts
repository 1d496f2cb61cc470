import type { Address } from "viem";
import { deployError } from "./deployErrors.ts";
import { localAddresses } from "./localAddresses.ts";

/** What a launch needs to know of a chain: addresses of others, none of ours. */
export type ChainParameters = {
  name: string;
  /** Pages that the addresses were read on. Nobody has checked them on the chain: `plan` and `doctor` do, each time. */
  sources: readonly string[];
  uniswapV2: { factory: Address; router: Address; weth: Address };
  /** The router is SwapRouter02; on a local chain SwapRouter. */
  uniswapV3: { factory: Address; router: Address };
  uniswapV4: { poolManager: Address; universalRouter: Address; permit2: Address };
  /** By symbol; a launch file may name an address itself. */
  currencies: Record<string, { address: Address; decimals: number }>;
};

export const LOCAL_CHAIN_ID = 31337;

const UNISWAP = "https://docs.uniswap.org/contracts";
const V2 = `${UNISWAP}/v2/reference/smart-contracts/v2-deployments`;
const V4 = `${UNISWAP}/v4/deployments`;
const v3 = (chain: string) => `${UNISWAP}/v3/reference/deployments/${chain}-deployments`;
// Where it is to be compared: the addresses below were seen in copies of this page, not on the page itself.
const CIRCLE = "https://developers.circle.com/stablecoins/usdc-contract-addresses";

const permit2: Address = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

const chains: Readonly<Record<number, ChainParameters>> = {
  1: {
    name: "Ethereum",
    sources: [V2, v3("ethereum"), V4, CIRCLE],
    uniswapV2: {
      factory: "0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f",
      router: "0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D",
      weth: "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
    },
    uniswapV3: {
      factory: "0x1F98431c8aD98523631AE4a59f267346ea31F984",
      router: "0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45",
    },
    uniswapV4: {
      poolManager: "0x000000000004444c5dc75cB358380D2e3dE08A90",
      universalRouter: "0x66a9893cC07D91D95644AEDD05D03f95e1dBA8Af",
      permit2,
    },
    currencies: { USDC: { address: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", decimals: 6 } },
  },
  11155111: {
    name: "Sepolia",
    sources: [V2, v3("ethereum"), V4, CIRCLE],
    uniswapV2: {
      factory: "0xF62c03E08ada871A0bEb309762E260a7a6a880E6",
      router: "0xeE567Fe1712Faf6149d80dA1E6934E354124CfE3",
      weth: "0xfFf9976782d46CC05630D1f6eBAb18b2324d6B14",
    },
    uniswapV3: {
      factory: "0x0227628f3F023bb0B980b67D528571c95c6DaC1c",
      router: "0x3bFA4769FB09eefC5a80d6E87c3B9C650f7Ae48E",
    },
    uniswapV4: {
      poolManager: "0xE03A1074c86CFeDd5C142C4F04F1a1536e203543",
      universalRouter: "0x3A9D48AB9751398BbFa63ad67599Bb04e4BdF98b",
      permit2,
    },
    currencies: { USDC: { address: "0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238", decimals: 6 } },
  },
  8453: {
    name: "Base",
    sources: [V2, v3("base"), V4, CIRCLE],
    uniswapV2: {
      factory: "0x8909Dc15e40173Ff4699343b6eB8132c65e18eC6",
      router: "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24",
      weth: "0x4200000000000000000000000000000000000006",
    },
    uniswapV3: {
      factory: "0x33128a8fC17869897dcE68Ed026d694621f6FDfD",
      router: "0x2626664c2603336E57B271c5C0b26F421741e481",
    },
    uniswapV4: {
      poolManager: "0x498581fF718922c3f8e6A244956aF099B2652b2b",
      universalRouter: "0x6fF5693b99212Da76ad316178A184AB56D299b43",
      permit2,
    },
    currencies: { USDC: { address: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", decimals: 6 } },
  },
  42161: {
    name: "Arbitrum One",
    sources: [V2, v3("arbitrum"), V4, CIRCLE],
    uniswapV2: {
      factory: "0xf1D7CC64Fb4452F05c498126312eBE29f30Fbcf9",
      router: "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24",
      weth: "0x82aF49447D8a07e3bd95BD0d56f35241523fBab1",
    },
    uniswapV3: {
      factory: "0x1F98431c8aD98523631AE4a59f267346ea31F984",
      router: "0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45",
    },
    uniswapV4: {
      poolManager: "0x360E68faCcca8cA495c1B759Fd9EEe466db9FB32",
      universalRouter: "0xA51afAFe0263b40EdaEf0Df8781eA9aa03E381a3",
      permit2,
    },
    currencies: { USDC: { address: "0xaf88d065e77c8cC2239327C5EDb3A432268e5831", decimals: 6 } },
  },
  56: {
    name: "BNB Smart Chain",
    sources: [V2, v3("bnb"), V4],
    uniswapV2: {
      factory: "0x8909Dc15e40173Ff4699343b6eB8132c65e18eC6",
      router: "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24",
      // WBNB.
      weth: "0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c",
    },
    uniswapV3: {
      factory: "0xdB1d10011AD0Ff90774D0C6Bb92e5C5c8b4461F7",
      router: "0xB971eF87ede563556b2ED4b1C0b0019111Dd85d2",
    },
    uniswapV4: {
      poolManager: "0x28e2Ea090877bF75740558f6BFB36A5ffeE9e9dF",
      universalRouter: "0x1906c1d672b88cD1B9aC7593301cA990F94Eae07",
      permit2,
    },
    // Circle issues no USDC there: what goes by that name is another's, and a launch file must name it.
    currencies: {},
  },
};

/** Those that a launch file may name; a local one is another than all of them. */
export const chainIds: readonly number[] = [LOCAL_CHAIN_ID, ...Object.keys(chains).map(Number)];

/** Throws `chain-unknown`. */
export function chainParameters(chainId: number): ChainParameters {
  if (chainId === LOCAL_CHAIN_ID) return localParameters();
  const known = chains[chainId];
  if (known === undefined) throw deployError("chain-unknown", `chain ${String(chainId)}`);
  return known;
}

function localParameters(): ChainParameters {
  const { weth, factory, router, factoryV3, routerV3, usdc, ...world } = localAddresses;
  const { poolManager, universalRouter, permit2: local } = world;
  return {
    name: "local chain",
    sources: ["deploy/localAddresses.ts"],
    uniswapV2: { factory, router, weth },
    uniswapV3: { factory: factoryV3, router: routerV3 },
    uniswapV4: { poolManager, universalRouter, permit2: local },
    currencies: { USDC: { address: usdc, decimals: 6 } },
  };
}
