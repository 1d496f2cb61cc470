import { formatUnits } from "viem";
import { poolAt } from "../../sdk/launchFile/checkPool.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import type { Price } from "../../sdk/terms.ts";
import { vested } from "../../sdk/vested.ts";

/** What a raise would come to. Amounts in base units; prices in currency for one whole token. */
export type Scenario = {
  name: string;
  raised: bigint;
  /** Below the soft cap: everybody is refunded, and the rest says nothing. */
  fails: boolean;
  sold: bigint;
  fee: bigint;
  pool: { currency: bigint; tokens: bigint };
  treasury: bigint;
  unsold: bigint;
  salePrice: string;
  listingPrice: string;
  /** At the listing price, in currency: all tokens that will exist, and those that circulate at once. */
  valuation: { fullyDiluted: bigint; atListing: bigint };
  /**
   * Tokens that somebody may move, so many months of 30 days after listing: the pool's, what has vested to buyers and
   * allocations, and unsold tokens where they are the treasury's.
   */
  circulating: { month: number; tokens: bigint }[];
};

const MONTH = 30n * 86_400n;
const MOST_MONTHS = 60n;

export function raiseScenarios(launch: Launch): Scenario[] {
  const { softCap, hardCap, price } = launch.sale;
  const half = hardCap / 2n;
  return [
    scenarioAt(launch, "soft cap", softCap),
    scenarioAt(launch, "half of the hard cap", half - (half % price.currencyUnits)),
    scenarioAt(launch, "hard cap", hardCap),
  ];
}

function scenarioAt(launch: Launch, name: string, raised: bigint): Scenario {
  const { token, currency, sale, listing, payout, vesting } = launch;
  const sold = tokensFor(sale.price, raised);
  const { fee, ...pool } = poolAt(launch, raised);
  const allocated = vesting.allocations.reduce((sum, { amount }) => sum + amount, 0n);
  const unsold = token.maxSupply - allocated - pool.tokens - sold;
  const kept = payout.burnUnsold ? token.maxSupply - unsold : token.maxSupply;
  const valueOf = (tokens: bigint) => (tokens * listing.price.currencyUnits) / listing.price.tokenUnits;
  const circulatingAt = (elapsed: bigint) =>
    pool.tokens +
    vested(vesting.buyers, sold, elapsed) +
    vesting.allocations.reduce((sum, { schedule, amount }) => sum + vested(schedule, amount, elapsed), 0n) +
    (payout.burnUnsold ? 0n : unsold);
  const priceOf = ({ currencyUnits, tokenUnits }: Price) => {
    const scaled = (currencyUnits * 10n ** BigInt(token.decimals + 18)) / tokenUnits;
    return formatUnits(scaled, currency.decimals + 18);
  };

  return {
    ...{ name, raised, fails: raised < sale.softCap, sold, fee, pool },
    treasury: raised - fee - pool.currency,
    unsold,
    salePrice: priceOf(sale.price),
    listingPrice: priceOf(listing.price),
    valuation: { fullyDiluted: valueOf(kept), atListing: valueOf(circulatingAt(0n)) },
    circulating: monthsOf(launch).map((month) => ({
      month: Number(month),
      tokens: circulatingAt(month * MONTH),
    })),
  };
}

/** Until everything is released, or five years. */
function monthsOf({ vesting }: Launch): bigint[] {
  const longest = [vesting.buyers, ...vesting.allocations.map(({ schedule }) => schedule)]
    .map(({ durationSeconds }) => (durationSeconds + MONTH - 1n) / MONTH)
    .reduce((most, months) => (months > most ? months : most), 0n);
  const last = longest < MOST_MONTHS ? longest : MOST_MONTHS;
  return Array.from({ length: Number(last) + 1 }, (_, month) => BigInt(month));
}

function tokensFor({ currencyUnits, tokenUnits }: Price, amount: bigint): bigint {
  return (amount / currencyUnits) * tokenUnits;
}
