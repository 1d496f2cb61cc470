import { isAddress, isHex, type Address, type Hex } from "viem";
import type { Price } from "../terms.ts";

/** A value read, or what was wanted instead. */
export type Parsed<T> = { value: T } | { code: string; wanted: string; wayOut: string };

export type Unit = { symbol: string; decimals: number };

const SECONDS: Record<string, bigint> = {
  second: 1n,
  minute: 60n,
  hour: 3_600n,
  day: 86_400n,
  week: 604_800n,
};

export function parseText(text: unknown): Parsed<string> {
  return typeof text === "string" && text !== "" && text === text.trim()
    ? { value: text }
    : { code: "text-invalid", wanted: "a text", wayOut: "Write a text without spaces around it." };
}

/** Base units, exactly; "250000", "250_000.5" or "250000 USDC". */
export function parseAmount(text: unknown, { symbol, decimals }: Unit): Parsed<bigint> {
  const [, whole, fraction = "", named] =
    typeof text === "string" ? (/^(\d[\d_]*)(?:\.(\d+))?(?: (\S+))?$/.exec(text) ?? []) : [];
  if (whole === undefined || (named !== undefined && named !== symbol)) {
    return {
      code: "amount-invalid",
      wanted: `an amount of ${symbol}`,
      wayOut: `Write it as "250000" or "250000.5 ${symbol}", in quotes.`,
    };
  }
  if (fraction.length > decimals) {
    return {
      code: "amount-too-fine",
      wanted: `at most ${String(decimals)} decimals`,
      wayOut: `${symbol} has ${String(decimals)} decimals: round it.`,
    };
  }
  return { value: BigInt(whole.replaceAll("_", "") + fraction.padEnd(decimals, "0")) };
}

/** "0.05 USDC" for one whole token, as two integers in lowest terms: `currencyUnits` buy `tokenUnits`. */
export function parsePrice(text: unknown, currency: Unit, tokenDecimals: number): Parsed<Price> {
  const fine = parseAmount(text, { symbol: currency.symbol, decimals: currency.decimals + 36 });
  if (!("value" in fine) || fine.value === 0n) {
    return {
      code: "price-invalid",
      wanted: `${currency.symbol} for one whole token, above zero`,
      wayOut: `Write it as "0.05 ${currency.symbol}".`,
    };
  }
  const tokenUnits = 10n ** BigInt(tokenDecimals + 36);
  const common = gcd(fine.value, tokenUnits);
  return { value: { currencyUnits: fine.value / common, tokenUnits: tokenUnits / common } };
}

/** Seconds since 1970. */
export function parseTime(text: unknown): Parsed<bigint> {
  const milliseconds =
    typeof text === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text) ? Date.parse(text) : NaN;
  const again = Number.isNaN(milliseconds) ? "" : new Date(milliseconds).toISOString();
  // A day that does not exist, such as 30 February, becomes another one.
  return typeof text === "string" && again.startsWith(text.slice(0, -1))
    ? { value: BigInt(milliseconds / 1000) }
    : { code: "time-invalid", wanted: "a time in UTC", wayOut: 'Write it as "2040-03-01T14:00Z".' };
}

/** Seconds. */
export function parseDuration(text: unknown): Parsed<bigint> {
  const [, count, unit = ""] =
    typeof text === "string" ? (/^(\d{1,9}) (second|minute|hour|day|week)s?$/.exec(text) ?? []) : [];
  const seconds = SECONDS[unit];
  return count !== undefined && seconds !== undefined
    ? { value: BigInt(count) * seconds }
    : {
        code: "duration-invalid",
        wanted: "a duration",
        wayOut: 'Write it as "90 seconds", "10 minutes", "24 hours" or "180 days".',
      };
}

/** Basis points. */
export function parseShare(text: unknown): Parsed<number> {
  const [, whole, fraction = ""] =
    typeof text === "string" ? (/^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(text) ?? []) : [];
  const bps = Number(`${whole ?? ""}${fraction.padEnd(2, "0")}`);
  return whole !== undefined && bps <= 10_000
    ? { value: bps }
    : {
        code: "share-invalid",
        wanted: "0% to 100%, with at most two decimals",
        wayOut: 'Write it as "4%" or "2.5%".',
      };
}

/** What a pool charges for a swap, in hundredths of a basis point. */
export function parseFeeTier(text: unknown): Parsed<number> {
  const [, whole, fraction = ""] =
    typeof text === "string" ? (/^(\d{1,2})(?:\.(\d{1,4}))?%$/.exec(text) ?? []) : [];
  return whole !== undefined
    ? { value: Number(`${whole}${fraction.padEnd(4, "0")}`) }
    : {
        code: "share-invalid",
        wanted: "a share with at most four decimals",
        wayOut: 'Write it as "0.3%" or "0.05%".',
      };
}

/** Mixed case must carry the right checksum (EIP-55). */
export function parseAddress(text: unknown): Parsed<Address> {
  return typeof text === "string" && isAddress(text) && !/^0x0{40}$/.test(text)
    ? { value: text }
    : {
        code: "address-invalid",
        wanted: "an address with its checksum, not zero",
        wayOut: "Copy it from the wallet again; a wrong letter breaks the checksum.",
      };
}

export function parseHash(text: unknown): Parsed<Hex> {
  return isHex(text) && text.length === 66
    ? { value: text.toLowerCase() as Hex }
    : { code: "hash-invalid", wanted: "32 bytes in hex", wayOut: "Take keccak256 of the file's bytes." };
}

export function parseCountry(text: unknown): Parsed<string> {
  return typeof text === "string" && /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(text)
    ? { value: text }
    : {
        code: "country-invalid",
        wanted: "an ISO 3166 code in capitals",
        wayOut: 'Write two letters ("KP"), or a subdivision ("UA-43").',
      };
}

export function parseInteger(value: unknown, least: number, most: number): Parsed<number> {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    ? { value: value as number }
    : {
        code: "number-invalid",
        wanted: `a whole number from ${String(least)} to ${String(most)}`,
        wayOut: `Write a number from ${String(least)} to ${String(most)}, without quotes.`,
      };
}

export function parseBoolean(value: unknown): Parsed<boolean> {
  return typeof value === "boolean"
    ? { value }
    : { code: "choice-invalid", wanted: "true or false", wayOut: "Write true or false, without quotes." };
}

export function parseChoice<T extends string>(value: unknown, choices: readonly T[]): Parsed<T> {
  const found = choices.find((choice) => choice === value);
  return found !== undefined
    ? { value: found }
    : {
        code: "choice-invalid",
        wanted: choices.map((choice) => `"${choice}"`).join(" or "),
        wayOut: "Write one of these.",
      };
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
