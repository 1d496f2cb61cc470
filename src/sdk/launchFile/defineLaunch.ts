import { zeroAddress, zeroHash, type Address } from "viem";
import type { Policy, PolicyTier } from "../policy.ts";
import { SlipwayError } from "../problem.ts";
import { LOCKED_FOR_EVER, type Schedule } from "../terms.ts";
import { checkLaunch } from "./checkLaunch.ts";
import { createReader, type Reader } from "./createReader.ts";
import type { Allocation, Launch } from "./Launch.ts";
import type { LaunchFile } from "./LaunchFile.ts";
import { poolDefaults, tickSpacingsV3, venues } from "./poolDefaults.ts";
import {
  parseAddress,
  parseAmount,
  parseBoolean,
  parseChoice,
  parseCountry,
  parseDuration,
  parseFeeTier,
  parseHash,
  parseInteger,
  parsePrice,
  parseShare,
  parseText,
  parseTime,
  type Parsed,
  type Unit,
} from "./parseValues.ts";
import { rulesToTell } from "./rulesToTell.ts";

const ETHER: Unit = { symbol: "ETH", decimals: 18 };
const AT_ONCE: Schedule = { initialBps: 10_000, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 };
const MOST_STEPS = 2 ** 32 - 1;

/**
 * The launch that a file describes, in base units and seconds. Throws `launch-invalid` with every problem at once: each
 * names the field, what it got, what it wanted and the way out. Its cause is the file, for those who can check more of it.
 */
export function defineLaunch(file: LaunchFile): Launch {
  const reader = createReader(file);
  const launch = readLaunch(reader);
  reader.finish();
  const problems = [...reader.problems, ...rulesToTell(reader.problems, checkLaunch(launch))];
  if (problems.length === 0) return launch;

  throw new SlipwayError({
    code: "launch-invalid",
    message: `The launch file has ${problems.length === 1 ? "a problem" : `${String(problems.length)} problems`}.`,
    wayOut: "Correct the launch file; src/sdk/launchFile/LaunchFile.ts describes each field.",
    problems,
    cause: file,
  });
}

function readLaunch(reader: Reader): Launch {
  const { read, has } = reader;
  const positive = (value: unknown): Parsed<number> => parseInteger(value, 1, Number.MAX_SAFE_INTEGER);
  const bps = (field: string, otherwise?: number) => read(field, parseShare, 0, otherwise);
  const seconds = (field: string, otherwise?: bigint) => read(field, parseDuration, 0n, otherwise);
  const address = (field: string): Address => read(field, parseAddress, zeroAddress);
  const anybody = (field: string): Address => read(field, parseAddress, zeroAddress, zeroAddress);
  const flag = (field: string, otherwise: boolean) => read(field, parseBoolean, otherwise, otherwise);

  const symbol = read("token.symbol", parseText, "tokens");
  const decimals = read("token.decimals", (value) => parseInteger(value, 0, 24), 18, 18);
  const tokens: Unit = { symbol, decimals };
  const currency = readCurrency(reader);
  const money = (field: string, otherwise?: bigint) =>
    read(field, (value) => parseAmount(value, currency), 0n, otherwise);
  const price = (field: string) =>
    read(field, (value) => parsePrice(value, currency, decimals), { currencyUnits: 1n, tokenUnits: 1n });

  const opensAt = read("sale.opensAt", parseTime, 0n);
  const closesAt = read("sale.closesAt", parseTime, 0n);
  const lock = (value: unknown): Parsed<bigint> =>
    value === "forever" ? { value: LOCKED_FOR_EVER } : parseDuration(value);
  const feeRecipient = has("payout.fee") ? address("payout.fee.recipient") : zeroAddress;
  const signer = has("roles.signer");

  const allocations = reader.list("vesting.allocations", []).map((field): Allocation => ({
    label: read(`${field}.label`, parseText, ""),
    beneficiary: address(`${field}.beneficiary`),
    amount: read(`${field}.amount`, (value) => parseAmount(value, tokens), 0n),
    schedule: readSchedule(reader, `${field}.schedule`),
    revoker: anybody(`${field}.revoker`),
  }));
  const tiers = reader.list("policy.tiers").map((field): PolicyTier => ({
    id: read(`${field}.id`, parseText, ""),
    personCap: money(`${field}.personCap`),
    opensAt: read(`${field}.opensAt`, parseTime, opensAt, opensAt),
    closesAt: read(`${field}.closesAt`, parseTime, closesAt, closesAt),
    voucherSeconds: seconds(`${field}.voucherLife`),
  }));
  const policy: Policy = {
    version: BigInt(read("policy.version", positive, 1, 1)),
    tiers,
    deniedCountries: [
      ...new Set(reader.list("policy.deniedCountries").map((field) => read(field, parseCountry, ""))),
    ].sort(),
    walletsPerPerson: BigInt(read("policy.walletsPerPerson", positive, 1, 1)),
    decisionMaxAgeSeconds: seconds("policy.decisionMaxAge"),
    requestsPerMinute: BigInt(read("policy.requestsPerMinute", positive, 1)),
  };

  const insiders = reader.list("insiders", []).map((field) => ({
    label: read(`${field}.label`, parseText, ""),
    address: address(`${field}.address`),
  }));

  return {
    chainId: read("chainId", positive, 1),
    token: {
      name: read("token.name", parseText, ""),
      ...{ symbol, decimals },
      maxSupply: read("token.supply", (value) => parseAmount(value, tokens), 0n),
      existing: anybody("token.existing"),
    },
    currency,
    sale: {
      price: price("sale.price"),
      ...{ opensAt, closesAt },
      coolingOff: seconds("sale.coolingOff", 0n),
      softCap: money("sale.softCap"),
      hardCap: money("sale.hardCap"),
      minPurchase: money("sale.minPurchase", 0n),
      voucherRequired: flag("sale.voucherRequired", true),
      ejectable: flag("sale.ejectable", false),
    },
    listing: {
      ...readPool(reader),
      liquidityBps: bps("listing.liquidity"),
      price: price("listing.price"),
      delay: seconds("listing.delay", 86_400n),
      deadline: read("listing.deadline", parseTime, 0n),
      lockSeconds: read("listing.lock", lock, 0n),
    },
    payout: {
      feeBps: bps("payout.fee.share", 0),
      feeFixed: money("payout.fee.fixed", 0n),
      feeRecipient,
      treasury: address("payout.treasury"),
      streamSeconds: seconds("payout.stream", 0n),
      burnUnsold:
        read("payout.unsold", (value) => parseChoice(value, ["burn", "treasury"] as const), "burn") ===
        "burn",
    },
    vesting: { buyers: readSchedule(reader, "vesting.buyers"), allocations },
    document: {
      hash: read("document.hash", parseHash, zeroHash),
      uri: read("document.uri", parseText, ""),
    },
    documentFile: read("document.file", parseText, "", ""),
    roles: {
      owner: anybody("roles.owner"),
      compliance: anybody("roles.compliance"),
      guardian: anybody("roles.guardian"),
      signer: signer ? address("roles.signer.address") : zeroAddress,
      signerMaxCap: signer ? money("roles.signer.maxCap") : 0n,
      signerMaxWindow: signer ? seconds("roles.signer.maxWindow") : 0n,
    },
    insiders,
    policy,
  };
}

function readCurrency({ read, has }: Reader): Launch["currency"] {
  const isEther = read("sale.currency", (value) => ({ value: value === "ETH" }), true);
  if (isEther) return { ...ETHER, address: zeroAddress };
  return {
    symbol: read("sale.currency.symbol", parseText, "currency"),
    decimals: read("sale.currency.decimals", (value) => parseInteger(value, 0, 24), 18),
    address: has("sale.currency.address")
      ? read("sale.currency.address", parseAddress, zeroAddress)
      : undefined,
  };
}

/** Where the venue leaves no choice, the fields are unknown to the file. */
function readPool({ read }: Reader): Pick<Launch["listing"], "venue" | "feeTier" | "tickSpacing"> {
  const venue = read("listing.venue", (value) => parseChoice(value, venues), "none", "uniswap-v4");
  const { feeTier: usual, tickSpacing } = poolDefaults[venue];
  if (venue === "uniswap-v2" || venue === "none") return { venue, feeTier: usual, tickSpacing };
  const feeTier = read("listing.feeTier", parseFeeTier, usual, usual);
  if (venue === "uniswap-v3") return { venue, feeTier, tickSpacing: tickSpacingsV3[feeTier] ?? 0 };
  const spacing = (value: unknown) => parseInteger(value, 1, 32_767);
  return { venue, feeTier, tickSpacing: read("listing.tickSpacing", spacing, tickSpacing, tickSpacing) };
}

function readSchedule({ read }: Reader, field: string): Schedule {
  if (read(field, (value) => ({ value: value === "at listing" }), false)) return AT_ONCE;
  return {
    initialBps: read(`${field}.initial`, parseShare, 0, 0),
    cliffSeconds: read(`${field}.cliff`, parseDuration, 0n, 0n),
    durationSeconds: read(`${field}.over`, parseDuration, 0n),
    steps: read(`${field}.steps`, (value) => parseInteger(value, 1, MOST_STEPS), 0, 0),
  };
}
