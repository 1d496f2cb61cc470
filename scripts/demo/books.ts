import { formatUnits, type Address } from "viem";
import { launchTokenAbi } from "../../src/sdk/abi/LaunchToken.ts";
import type { Listed } from "../../src/launch/list.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { readPool } from "../../src/sdk/readPool.ts";
import type { Price } from "../../src/sdk/terms.ts";
import { erc20Abi } from "./buyer.ts";
import type { LocalChain } from "./localChain.ts";

const PARTS = 10n ** 12n;

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
  listed,
  buyers,
  treasury,
  feeRecipient,
}: {
  chain: LocalChain;
  record: LaunchRecord;
  listed: Pick<Listed, "id" | "poolTokens" | "poolCurrency">;
  buyers: readonly Address[];
  treasury: Address;
  feeRecipient: Address;
}): Promise<Books> {
  const { sale, token, currency, vesting, startBlock } = record;
  const balance = (of: Address, asset: Address): Promise<bigint> =>
    chain.readContract({ address: asset, abi: erc20Abi, functionName: "balanceOf", args: [of] });
  // On v4 the manager holds it, and on this chain nothing else.
  const pool = await readPool(chain, { ...record, listing: record.terms.listing, id: listed.id });
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
    balance(pool.holder, currency),
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
    balance(pool.holder, token),
    balance(vesting, token),
    balance(sale, token),
  ]);

  const { price, currency: _ } = record.terms.sale;
  const owedTokens = ((paidIn - withdrawn) / price.currencyUnits) * price.tokenUnits;
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
  same("currency in the pool", poolMoney, listed.poolCurrency);
  same("tokens in the pool", poolTokens, listed.poolTokens);
  // v4 keeps the root of the price, rounded down to 2^-48 of it at worst; v2's is exact.
  const apart = pool.price.currencyUnits * listing.tokenUnits - listing.currencyUnits * pool.price.tokenUnits;
  same("price, parts in 10^12 apart", (apart * PARTS) / (listing.currencyUnits * pool.price.tokenUnits), 0n);

  return {
    currency: { paidIn, withdrawn, fee, pool: poolMoney, treasury: treasuryMoney, leftInSale },
    token: {
      supply,
      buyers: claimed + unclaimed,
      pool: poolTokens,
      vesting: vestingTokens,
      burned: supply - supplyNow,
    },
    poolPrice: wholePrice(pool.price, record),
    listingPrice: wholePrice(listing, record),
    differences,
  };
}

/** Currency for one whole token, to 12 digits; 6 decimals of the currency are assumed of the demo's mock. */
function wholePrice({ currencyUnits, tokenUnits }: Price, record: LaunchRecord): number {
  const scale = 10n ** BigInt(record.terms.token.decimals);
  const digits = (currencyUnits * scale * 10n ** 14n) / tokenUnits;
  return Number(Number(formatUnits(digits, 14 + 6)).toPrecision(12));
}
