import { encodeFunctionData, parseAbi, zeroAddress, type Abi, type Address, type Hex } from "viem";
import { chainParameters } from "../../../deploy/chains.ts";
import { readPool } from "../../sdk/readPool.ts";
import { canonicalModules } from "../../../deploy/canonical.ts";
import { launchError } from "../launchErrors.ts";
import type { Stage } from "./createStage.ts";

const v2Abi = parseAbi([
  "function createPair(address tokenA, address tokenB) returns (address pair)",
  "function getPair(address tokenA, address tokenB) view returns (address)",
  "function deposit() payable",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function sync()",
]);
/** Without its literal types: any function by its name. */
const anyV2Abi: Abi = v2Abi;
const managerAbi = parseAbi([
  "struct PoolKey { address currency0; address currency1; uint24 fee; int24 tickSpacing; address hooks; }",
  "function initialize(PoolKey key, uint160 sqrtPriceX96) returns (int24 tick)",
]);
/** Any price but that of the terms: one for one. */
const ONE_FOR_ONE = 2n ** 96n;

/** What a stranger can do to the pool before it is there, as the venue lets them. */
export async function poison(stage: Stage): Promise<void> {
  const { chainId, terms } = stage.record;
  const chain = chainParameters(chainId);
  const { venueV2, venueV4 } = canonicalModules(chain);
  const token = await stage.read<Address>("token");
  const { currency } = terms.sale;
  const mallory = stage.person("Mallory");

  if (terms.listing.venue === venueV2.address) {
    const { factory, weth } = chain.uniswapV2;
    const quote = currency === zeroAddress ? weth : currency;
    const gift = stage.share;
    const call = (functionName: "createPair" | "deposit" | "transfer" | "sync", args: unknown[] = []) =>
      encodeFunctionData({ abi: anyV2Abi, functionName, args });
    await stage.does("Mallory", "creates the pair, gives it money and has it counted", async () => {
      await stage.send(mallory, factory, call("createPair", [token, quote]));
      const pair = await stage.chain.readContract({
        ...{ address: factory, abi: v2Abi, functionName: "getPair", args: [token, quote] },
      });
      if (currency === zeroAddress) await stage.send(mallory, weth, call("deposit"), gift);
      await stage.send(mallory, quote, call("transfer", [pair, gift]));
      await stage.send(mallory, pair, call("sync"));
    });
    return;
  }
  if (terms.listing.venue === venueV4.address && terms.token.existing === zeroAddress) {
    const [currency0, currency1] = BigInt(token) < BigInt(currency) ? [token, currency] : [currency, token];
    const { feeTier: fee, tickSpacing, venue: hooks } = terms.listing;
    const args = [{ currency0, currency1, fee, tickSpacing, hooks }, ONE_FOR_ONE] as const;
    const data: Hex = encodeFunctionData({ abi: managerAbi, functionName: "initialize", args });
    await stage.refused("transaction-reverted", "Mallory", "opens the pool at a price of her own", () =>
      stage.send(mallory, chain.uniswapV4.poolManager, data),
    );
    return;
  }
  await stage.does("Mallory", "finds no pool to open: what it is named by is born in the listing", () =>
    Promise.resolve(),
  );
}

/** Throws where the pool is not at the price of the terms, but for its own rounding. */
export async function requirePrice({ chain, record, read }: Stage): Promise<void> {
  const { sale, terms } = record;
  const [event] = await chain.getContractEvents({
    ...{ address: sale, abi: listedAbi, eventName: "Listed", strict: true },
    ...{ fromBlock: record.startBlock, toBlock: "latest" },
  });
  if (event === undefined) throw launchError("not-succeeded", "it is not listed");
  const token = await read<Address>("token");
  const { currency } = terms.sale;
  const { price: got } = await readPool(chain, {
    listing: terms.listing,
    token,
    currency,
    id: event.args.id,
  });
  const { price: wanted } = terms.listing;
  const [a, b] = [got.currencyUnits * wanted.tokenUnits, wanted.currencyUnits * got.tokenUnits];
  const difference = a > b ? a - b : b - a;
  if (difference * 1_000_000n > b) {
    const words = ({ currencyUnits, tokenUnits }: typeof got) => `${currencyUnits} for ${tokenUnits}`;
    throw launchError("price-differs", `got ${words(got)}, wanted ${words(wanted)} in base units`);
  }
}

const listedAbi = parseAbi([
  "event Listed(bytes32 indexed id, uint256 poolTokens, uint256 poolCurrency, uint256 fee, uint256 treasury, uint256 unsold)",
]);
