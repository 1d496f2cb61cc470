import type { Price } from "../terms.ts";
import type { Launch } from "./Launch.ts";
import { tickSpacingsV3 } from "./poolDefaults.ts";

export type Must = (
  holds: boolean,
  field: string,
  got: bigint | string,
  wanted: string,
  wayOut: string,
) => void;

const BPS = 10_000n;
const UINT112 = 2n ** 112n - 1n;
const UINT128 = 2n ** 128n - 1n;
/** Rounding to the listing price's units takes less than one in so many parts of the pool. */
const LEAST_POOL_LOTS = 100n;
/** Of a Uniswap v2 pair: never anybody's. */
const MINIMUM_LIQUIDITY = 1_000n;
/** Of v3 and v4, and of our venues: prices further apart than 2^±96 are not exact enough. */
const MAX_TICK = 887_272n;
const MIN_SQRT_PRICE = 1n << 48n;
const MAX_SQRT_PRICE = 1n << 144n;

const RAISE = "Raise the caps or the liquidity.";

/** Both caps make a pool that the venue can open, as its `previewListing` says when the sale is created. */
export function checkPool(launch: Launch, must: Must): void {
  const { venue, feeTier, tickSpacing, price } = launch.listing;
  if (venue !== "none") {
    const most = poolAt(launch, launch.sale.softCap).currency / LEAST_POOL_LOTS;
    must(
      price.currencyUnits <= most,
      "listing.price",
      `lots of ${String(price.currencyUnits)} currency base units`,
      `at most ${String(most)}, a hundredth of the pool at the soft cap: the treasury gets what is no whole lot`,
      "Round the price, or raise the soft cap or the liquidity.",
    );
  }
  if (venue === "uniswap-v2") {
    must(feeTier === 3_000, "listing.feeTier", String(feeTier), "3000, as v2 has", "Leave it out.");
    must(tickSpacing === 0, "listing.tickSpacing", String(tickSpacing), "0, as v2 has none", "Leave it out.");
    checkPoolV2(launch, must);
  }
  if (venue === "uniswap-v4") {
    const fee = `${String(feeTier / 10_000)}%`;
    must(feeTier <= 100_000, "listing.feeTier", fee, "at most 10%", "Lower it: 0.3% is usual.");
    const holds = tickSpacing >= 1 && tickSpacing <= 32_767;
    must(
      holds,
      "listing.tickSpacing",
      String(tickSpacing),
      "1 to 32767",
      "Take 60, which is usual for 0.3%.",
    );
    if (holds) checkFullRange(launch, must);
  }
  if (venue === "uniswap-v3") {
    const known = Object.keys(tickSpacingsV3).join(", ");
    const holds = tickSpacingsV3[feeTier] === tickSpacing;
    must(holds, "listing.feeTier", String(feeTier), `one of ${known}, as v3 has`, "0.3% is usual.");
    if (holds) checkFullRange(launch, must);
  }
}

/** What a v2 pair can hold and mint, donated to or not (contracts/venues/VenueV2.sol). */
function checkPoolV2(launch: Launch, must: Must): void {
  for (const { cap, currency, tokens, got } of poolsOf(launch)) {
    const fits = tokens <= UINT112 && currency <= UINT112;
    must(fits, cap, got, "at most 2^112 − 1 of each", "Lower liquidity, or use fewer decimals.");
    const product = (tokens - tokens / 2n - 1n) * (currency / 2n);
    const mints = tokens >= MINIMUM_LIQUIDITY && product >= (MINIMUM_LIQUIDITY + 1n) ** 2n;
    must(mints, cap, got, "enough for Uniswap's minimum liquidity of 1,000", RAISE);
  }
}

/**
 * What v3 and v4 can open over all prices, whichever of the two has the lower address (contracts/libraries/FullRange.sol).
 * Its limit of 2^127 for either amount is never reached: the supply is below it, and money has 96 bits.
 */
function checkFullRange(launch: Launch, must: Must): void {
  const spacing = BigInt(launch.listing.tickSpacing);
  const span = MAX_TICK / spacing;
  const mostLiquidity = UINT128 / (2n * span + (span * spacing === MAX_TICK ? 1n : 2n));
  for (const { cap, currency, tokens, got } of poolsOf(launch)) {
    if (tokens === 0n || currency === 0n) continue; // no whole lot, as said above

    const plans = [planOf(tokens, currency), planOf(currency, tokens)];
    const isPriced = plans.every(({ root }) => root >= MIN_SQRT_PRICE && root <= MAX_SQRT_PRICE);
    must(isPriced, "listing.price", got, "a ratio within 2^±96", "Use another number of decimals.");
    const isHeld = plans.every(({ liquidity }) => liquidity <= mostLiquidity);
    const wanted = `a liquidity of at most ${String(mostLiquidity)}`;
    must(isHeld, cap, got, wanted, "Lower liquidity, use fewer decimals, or widen listing.tickSpacing.");
  }
}

/** Price and liquidity of the full range for `d` of the pool's first currency and `n` of its second. */
function planOf(d: bigint, n: bigint): { root: bigint; liquidity: bigint } {
  const root = n / d < 1n << 64n ? squareRoot((n << 192n) / d) : squareRoot((n << 128n) / d) << 32n;
  return { root, liquidity: (d * root) >> 96n };
}

/** ⌊√value⌋, by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function poolsOf(launch: Launch): { cap: string; currency: bigint; tokens: bigint; got: string }[] {
  return (["softCap", "hardCap"] as const).map((cap) => {
    const { currency, tokens } = poolAt(launch, launch.sale[cap]);
    const got = `a pool of ${String(tokens)} token and ${String(currency)} currency base units`;
    return { cap: `sale.${cap}`, currency, tokens, got };
  });
}

/** What goes into the pool when `raised` came in; both rounded down to whole units of the listing price. */
export function poolAt(
  { listing, payout }: Launch,
  raised: bigint,
): { currency: bigint; tokens: bigint; fee: bigint } {
  const fee = (raised * BigInt(payout.feeBps)) / BPS + payout.feeFixed;
  const part = raised < fee ? 0n : ((raised - fee) * BigInt(listing.liquidityBps)) / BPS;
  const currency = part - (part % listing.price.currencyUnits);
  return { currency, tokens: tokensFor(listing.price, currency), fee };
}

export function tokensFor({ currencyUnits, tokenUnits }: Price, amount: bigint): bigint {
  return (amount / currencyUnits) * tokenUnits;
}
