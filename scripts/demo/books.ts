import { formatUnits, parseAbi, type Address } from "viem";
import { launchTokenAbi } from "../../src/sdk/abi/LaunchToken.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { erc20Abi } from "./buyer.ts";
import type { LocalChain } from "./localChain.ts";

const pairAbi = parseAbi(["function getReserves() view returns (uint112, uint112, uint32)"]);

/** Where every unit went. Read from balances and events of the chain, never from what the demo meant to do. */
export type Books = {
  currency: {
    paidIn: bigint;
    withdrawn: bigint;
    fee: bigint;
    pool: bigint;
    treasury: bigint;
    leftInSale: bigint;
  };
  token: { supply: bigint; buyers: bigint; pool: bigint; vesting: bigint; burned: bigint };
  /** Currency for one whole token. */
  poolPrice: number;
  listingPrice: number;
  /** What does not add up, in words; empty when everything does. */
  differences: string[];
};

/** Taken right after listing and the first releases, before anybody swaps. */
export async function closeBooks({
  chain,
  record,
  pool,
  buyers,
  treasury,
  feeRecipient,
}: {
  chain: LocalChain;
  record: LaunchRecord;
  pool: Address;
  buyers: readonly Address[];
  treasury: Address;
  feeRecipient: Address;
}): Promise<Books> {
  const { sale, token, currency, vesting, startBlock } = record;
  const balance = (of: Address, asset: Address): Promise<bigint> =>
    chain.readContract({ address: asset, abi: erc20Abi, functionName: "balanceOf", args: [of] });
  const events = await chain.getContractEvents({ address: sale, abi: saleAbi, fromBlock: startBlock });

  let paidIn = 0n;
  let withdrawn = 0n;
  for (const event of events) {
    if (event.eventName === "Purchased") paidIn += event.args.amount ?? 0n;
    if (event.eventName === "Withdrawn") withdrawn += event.args.amount ?? 0n;
  }

  const [fee, treasuryMoney, poolMoney, leftInSale] = await Promise.all([
    balance(feeRecipient, currency),
    balance(treasury, currency),
    balance(pool, currency),
    balance(sale, currency),
  ]);
  const supplyNow = await chain.readContract({
    address: token,
    abi: launchTokenAbi,
    functionName: "totalSupply",
  });
  const supply = record.terms.token.maxSupply;
  const claimed = (await Promise.all(buyers.map((buyer) => balance(buyer, token)))).reduce(
    (a, b) => a + b,
    0n,
  );
  const [poolTokens, vestingTokens, unclaimed] = await Promise.all([
    balance(pool, token),
    balance(vesting, token),
    balance(sale, token),
  ]);

  const { price, currency: _ } = record.terms.sale;
  const owedTokens = ((paidIn - withdrawn) / price.currencyUnits) * price.tokenUnits;
  const [reserve0, reserve1] = await chain.readContract({
    address: pool,
    abi: pairAbi,
    functionName: "getReserves",
  });
  const tokenFirst = BigInt(token) < BigInt(currency);
  const [reserveToken, reserveMoney] = tokenFirst ? [reserve0, reserve1] : [reserve1, reserve0];
  const listing = record.terms.listing.price;

  const differences: string[] = [];
  function same(what: string, got: bigint, wanted: bigint): void {
    if (got !== wanted) differences.push(`${what}: got ${String(got)}, wanted ${String(wanted)}`);
  }
  same("currency", withdrawn + fee + poolMoney + treasuryMoney + leftInSale, paidIn);
  same("currency left in the sale", leftInSale, 0n);
  same("tokens", claimed + unclaimed + poolTokens + vestingTokens + (supply - supplyNow), supply);
  same("buyers' tokens", claimed + unclaimed, owedTokens);
  same("allocations", vestingTokens, record.terms.vesting.allocationsTotal);
  same("price", reserveMoney * listing.tokenUnits, reserveToken * listing.currencyUnits);

  return {
    currency: { paidIn, withdrawn, fee, pool: poolMoney, treasury: treasuryMoney, leftInSale },
    token: {
      supply,
      buyers: claimed + unclaimed,
      pool: poolTokens,
      vesting: vestingTokens,
      burned: supply - supplyNow,
    },
    poolPrice: priceOf(reserveMoney, reserveToken, record),
    listingPrice: priceOf(listing.currencyUnits, listing.tokenUnits, record),
    differences,
  };
}

/** Currency for one whole token; 6 decimals of the currency are assumed of the demo's mock. */
function priceOf(money: bigint, tokens: bigint, record: LaunchRecord): number {
  const scale = 10n ** BigInt(record.terms.token.decimals);
  return Number(formatUnits((money * scale * 10n ** 12n) / tokens, 12 + 6));
}
