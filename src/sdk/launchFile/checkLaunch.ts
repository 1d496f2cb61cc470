import { formatUnits, zeroAddress, zeroHash } from "viem";
import type { Problem } from "../problem.ts";
import { LOCKED_FOR_EVER, type Price, type Schedule } from "../terms.ts";
import { checkPool, poolAt, tokensFor, type Must } from "./checkPool.ts";
import type { Launch } from "./Launch.ts";

const DAY = 86_400n;
const MOST_SALE_SECONDS = 730n * DAY;
const MOST_SCHEDULE_SECONDS = 36_500n * DAY;
const BPS = 10_000n;
const MOST_FEE_BPS = 1_000n;
const UINT32 = 2n ** 32n - 1n;
const UINT96 = 2n ** 96n - 1n;
const UINT128 = 2n ** 128n - 1n;
/** Of a v4 position: of more tokens, a holder could donate so many that none is ever paid out. */
const MOST_SUPPLY = 2n ** 127n - 1n;
/** Of OpenZeppelin's EIP712. */
const MOST_NAME_BYTES = 31;

/**
 * Every rule between fields that a launch breaks, in the launch file's own words; the contract says the same last
 * (contracts/libraries/TermsBounds.sol, and contracts/venues for the pool).
 */
export function checkLaunch(launch: Launch): Problem[] {
  const problems: Problem[] = [];
  const { token, sale, listing, payout, vesting, roles, policy } = launch;

  const must: Must = (holds, field, got, wanted, wayOut) => {
    if (!holds) problems.push({ code: "rule-broken", field, got: String(got), wanted, wayOut });
  };
  function within(
    field: string,
    got: bigint,
    least: bigint,
    most: bigint,
    show: (value: bigint) => string,
    why = "",
  ): void {
    const wanted = `${show(least)} to ${show(most)}${why === "" ? "" : `: ${why}`}`;
    must(got >= least && got <= most, field, show(got), wanted, got < least ? "Raise it." : "Lower it.");
  }
  const money = (value: bigint) =>
    `${formatUnits(value, launch.currency.decimals)} ${launch.currency.symbol}`;
  const tokens = (value: bigint) => `${formatUnits(value, token.decimals)} ${token.symbol}`;
  function wholeLots(field: string, got: bigint): void {
    const lot = sale.price.currencyUnits;
    must(
      got % lot === 0n,
      field,
      money(got),
      `a multiple of ${money(lot)}`,
      "Round it to what whole tokens cost.",
    );
  }
  function schedule(field: string, { cliffSeconds, durationSeconds }: Schedule): void {
    within(`${field}.over`, durationSeconds, 0n, MOST_SCHEDULE_SECONDS, duration);
    within(`${field}.cliff`, cliffSeconds, 0n, durationSeconds, duration, "the cliff is part of the whole");
  }
  function price(field: string, { currencyUnits, tokenUnits }: Price): void {
    within(field, currencyUnits, 1n, UINT96, String, "base units of currency, in lowest terms");
    within(field, tokenUnits, 1n, UINT128, String, "base units of token, in lowest terms");
  }

  within("token.supply", token.maxSupply, 1n, MOST_SUPPLY, tokens);
  const nameBytes = new TextEncoder().encode(token.name).length;
  must(
    token.existing !== zeroAddress || nameBytes <= MOST_NAME_BYTES,
    "token.name",
    `${String(nameBytes)} bytes`,
    `at most ${String(MOST_NAME_BYTES)} bytes in UTF-8, as ERC-2612 keeps it`,
    "Shorten it.",
  );
  price("sale.price", sale.price);
  price("listing.price", listing.price);
  within("sale.hardCap", sale.hardCap, sale.price.currencyUnits, UINT96, money);
  within("sale.softCap", sale.softCap, sale.price.currencyUnits, sale.hardCap, money, "at most the hard cap");
  within("sale.minPurchase", sale.minPurchase, 0n, sale.hardCap, money, "at most the hard cap");
  wholeLots("sale.hardCap", sale.hardCap);
  wholeLots("sale.softCap", sale.softCap);
  wholeLots("sale.minPurchase", sale.minPurchase);
  within(
    "sale.closesAt",
    sale.closesAt,
    sale.opensAt + 1n,
    sale.opensAt + MOST_SALE_SECONDS,
    time,
    "after opensAt, by at most 730 days",
  );
  within("sale.coolingOff", sale.coolingOff, 0n, MOST_SALE_SECONDS, duration);

  within("listing.delay", listing.delay, 3_600n, 30n * DAY, duration);
  within(
    "listing.deadline",
    listing.deadline,
    sale.closesAt + listing.delay + 3n * DAY,
    sale.closesAt + listing.delay + MOST_SALE_SECONDS,
    time,
    "3 to 730 days after closesAt + delay",
  );
  within("listing.deadline", listing.deadline, 0n, UINT32, time, "positions keep times in 32 bits");
  must(
    listing.price.currencyUnits * sale.price.tokenUnits >=
      sale.price.currencyUnits * listing.price.tokenUnits,
    "listing.price",
    ratio(listing.price),
    `at least the sale's ${ratio(sale.price)}`,
    "Raise it, or lower sale.price: buyers must not pay more than the market.",
  );
  must(
    (listing.venue === "none") === (listing.liquidityBps === 0),
    "listing.liquidity",
    `${String(listing.liquidityBps)} basis points`,
    listing.venue === "none" ? "0%, as there is no venue" : "more than 0%",
    'Use venue "none" and "0%" together, or neither.',
  );
  must(
    listing.venue === "none" || listing.venue === "uniswap-v4" || token.existing === zeroAddress,
    "listing.venue",
    listing.venue,
    '"uniswap-v4" or "none" for a token that exists already',
    "Take out token.existing, or list it on v4, or where it trades already.",
  );
  if (listing.lockSeconds !== LOCKED_FOR_EVER) {
    within("listing.lock", listing.lockSeconds, 0n, MOST_SCHEDULE_SECONDS, duration, 'or "forever"');
  }

  within("payout.fee.share", BigInt(payout.feeBps), 0n, MOST_FEE_BPS, share);
  within("payout.fee.fixed", payout.feeFixed, 0n, UINT96, money);
  must(
    sale.softCap * BigInt(payout.feeBps) + payout.feeFixed * BPS <= sale.softCap * MOST_FEE_BPS,
    "payout.fee",
    `${share(BigInt(payout.feeBps))} and ${money(payout.feeFixed)}`,
    `together at most 10 % of the soft cap, ${money(sale.softCap / 10n)}`,
    "Lower one of them.",
  );
  must(
    payout.feeRecipient === zeroAddress || payout.feeBps > 0 || payout.feeFixed > 0n,
    "payout.fee",
    "nothing",
    "a share, a fixed fee or both",
    "Say how much, or leave payout.fee out.",
  );
  within("payout.stream", payout.streamSeconds, 0n, MOST_SCHEDULE_SECONDS, duration);

  schedule("vesting.buyers", vesting.buyers);
  vesting.allocations.forEach((allocation, i) => {
    const field = `vesting.allocations.${String(i)}`;
    within(`${field}.amount`, allocation.amount, 1n, UINT128, tokens);
    schedule(`${field}.schedule`, allocation.schedule);
  });

  checkSupply(launch, must);
  checkPool(launch, must);

  must(
    token.existing === zeroAddress || token.existing !== launch.currency.address,
    "token.existing",
    token.existing,
    "another token than the currency",
    "Sell a token for another one.",
  );
  must(
    launch.document.hash !== zeroHash,
    "document.hash",
    launch.document.hash,
    "the hash of the paper that buyers are shown",
    "Take keccak256 of the file's bytes.",
  );
  if (sale.voucherRequired) {
    must(
      roles.signer !== zeroAddress || roles.owner !== zeroAddress,
      "roles.signer",
      "nobody",
      "a signer, or an owner who can admit one",
      "Name a signer, or set sale.voucherRequired to false.",
    );
    must(policy.tiers.length > 0, "policy.tiers", "none", "at least one tier", "Say who may buy how much.");
  }
  const ids = new Set<string>();
  policy.tiers.forEach((tier, i) => {
    const field = `policy.tiers.${String(i)}`;
    must(!ids.has(tier.id), `${field}.id`, tier.id, "an id of its own", "Give each tier another id.");
    ids.add(tier.id);
    within(`${field}.personCap`, tier.personCap, 1n, sale.hardCap, money, "at most the hard cap");
    must(
      tier.personCap >= sale.minPurchase,
      `${field}.personCap`,
      money(tier.personCap),
      `at least sale.minPurchase, ${money(sale.minPurchase)}`,
      "Raise it: nobody of this tier could buy.",
    );
    within(`${field}.opensAt`, tier.opensAt, sale.opensAt, sale.closesAt - 1n, time, "within the sale");
    within(`${field}.closesAt`, tier.closesAt, tier.opensAt + 1n, sale.closesAt, time, "within the sale");
    within(`${field}.voucherLife`, tier.voucherSeconds, 60n, DAY, duration);
    if (roles.signer === zeroAddress) return;
    must(
      tier.voucherSeconds <= roles.signerMaxWindow,
      `${field}.voucherLife`,
      duration(tier.voucherSeconds),
      `at most roles.signer.maxWindow, ${duration(roles.signerMaxWindow)}`,
      "Shorten it, or widen the signer's window.",
    );
    must(
      tier.personCap <= roles.signerMaxCap,
      `${field}.personCap`,
      money(tier.personCap),
      `at most roles.signer.maxCap, ${money(roles.signerMaxCap)}`,
      "Lower it, or raise the signer's bound: the sale would refuse its vouchers.",
    );
  });
  return problems;
}

/** The supply covers buyers, pool and allocations at the hard cap. */
function checkSupply(launch: Launch, must: Must): void {
  const { token, sale, vesting } = launch;
  const sold = tokensFor(sale.price, sale.hardCap);
  const allocated = vesting.allocations.reduce((sum, { amount }) => sum + amount, 0n);
  const pooled = poolAt(launch, sale.hardCap).tokens;
  const promised = sold + pooled + allocated;
  const tokens = (value: bigint) => formatUnits(value, token.decimals);
  must(
    token.maxSupply >= promised,
    "token.supply",
    tokens(token.maxSupply),
    `at least ${tokens(promised)}: buyers ${tokens(sold)}, pool ${tokens(pooled)}, allocations ${tokens(allocated)}`,
    "Raise the supply, or lower hard cap, liquidity or allocations.",
  );
}

function time(seconds: bigint): string {
  const milliseconds = Number(seconds) * 1000;
  return Math.abs(milliseconds) > 8.64e15
    ? `second ${String(seconds)}`
    : new Date(milliseconds).toISOString().replace(".000", "");
}

function duration(seconds: bigint): string {
  const [unit, size] = (
    [
      ["days", DAY],
      ["hours", 3_600n],
      ["minutes", 60n],
    ] as const
  ).find(([, each]) => seconds >= each && seconds % each === 0n) ?? ["seconds", 1n];
  return `${String(seconds / size)} ${unit}`;
}

function share(bps: bigint): string {
  return `${String(Number(bps) / 100)}%`;
}

function ratio({ currencyUnits, tokenUnits }: Price): string {
  return `${String(currencyUnits)} : ${String(tokenUnits)}`;
}
