import { getAddress, isAddress, isHex, zeroAddress, type Address, type Hex } from "viem";
import type { Allocation } from "../../sdk/launchFile/Launch.ts";
import type { Problem } from "../../sdk/problem.ts";
import { pageError } from "../errors/pageErrors.ts";

/** What `GET /config.json` beside the page says: which launch this page sells and where its services are. */
export type PageConfig = {
  chainId: number;
  rpcUrl: string;
  signerUrl: string;
  indexerUrl: string;
  sale: Address;
  /** What this page claims to sell; compared with the chain and the signer. */
  termsHash: Hex;
  /** A local test chain: personas and moving time are offered. */
  local: boolean;
  /** Where a person passes the identity check; undefined: the page does not say. */
  identityUrl: string | undefined;
  /** Block the sale was created in. */
  startBlock: bigint;
  launch: LaunchLabels;
  /** Whose criteria and reviewers count here; zero: nobody's. */
  platform: Address;
  /** Of the launch file, in its order; the page shows them where they hash to the terms' root. */
  allocations: readonly Allocation[];
  /** Where the indexer's other launches have their own pages. */
  pages: readonly { sale: Address; url: string }[];
  /** Built-in test wallets; none unless `local`. */
  personas: readonly Persona[];
};

export type LaunchLabels = {
  name: string;
  symbol: string;
  decimals: number;
  currencySymbol: string;
  currencyDecimals: number;
};

export type Persona = { name: string; address: Address; privateKey: Hex; note: string };

/** Parses `/config.json`; throws `config-invalid` naming every field that is wrong. */
export function parsePageConfig(value: unknown): PageConfig {
  const problems: Problem[] = [];
  const root = objectOf(value);
  const launch = objectOf(root["launch"]);

  function field<T>(
    name: string,
    got: unknown,
    wanted: string,
    parse: (value: unknown) => T | undefined,
    fallback: T,
  ): T {
    const parsed = parse(got);
    if (parsed !== undefined) return parsed;
    const wayOut = "Correct it in the file that is served as /config.json.";
    problems.push({
      code: "config-invalid",
      field: name,
      got: got === undefined ? "nothing" : JSON.stringify(got),
      wanted,
      wayOut,
    });
    return fallback;
  }
  const url = (name: string) => field(name, root[name], "an http or https URL", urlOf, "");
  const decimals = (name: string) =>
    field(`launch.${name}`, launch[name], "an integer from 0 to 36", decimalsOf, 0);
  const label = (name: string) => field(`launch.${name}`, launch[name], "a text", textOf, "");

  const local = root["local"] === true;
  const config: PageConfig = {
    chainId: field("chainId", root["chainId"], "a positive integer", chainIdOf, 0),
    rpcUrl: url("rpcUrl"),
    signerUrl: url("signerUrl"),
    indexerUrl: url("indexerUrl"),
    sale: field("sale", root["sale"], "an address", addressOf, "0x"),
    termsHash: field("termsHash", root["termsHash"], "32 bytes in hex", hashOf, "0x"),
    local,
    identityUrl: root["identityUrl"] === undefined ? undefined : url("identityUrl"),
    startBlock: field("startBlock", root["startBlock"], "the block that created the sale", blockOf, 0n),
    launch: {
      name: label("name"),
      symbol: label("symbol"),
      decimals: decimals("decimals"),
      currencySymbol: label("currencySymbol"),
      currencyDecimals: decimals("currencyDecimals"),
    },
    platform: field("platform", root["platform"] ?? zeroAddress, "an address", addressOf, zeroAddress),
    pages: field(
      ...(["pages", root["pages"] ?? []] as const),
      "sale and url for each",
      (value) => listOf(value, ({ sale, url: its }) => whole({ sale: addressOf(sale), url: urlOf(its) })),
      [],
    ),
    allocations: field(
      ...(["allocations", root["allocations"] ?? []] as const),
      "label, beneficiary, amount, schedule and revoker for each",
      (value) => listOf(value, allocationOf),
      [],
    ),
    personas: local
      ? field(
          "personas",
          root["personas"] ?? [],
          "name, address, privateKey and note for each",
          (value) => listOf(value, personaOf),
          [],
        )
      : [],
  };
  if (problems.length > 0) throw pageError("config-invalid", { problems });
  return config;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function urlOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !URL.canParse(value)) return undefined;
  return /^https?:$/.test(new URL(value).protocol) ? value : undefined;
}

function chainIdOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

function decimalsOf(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 36
    ? (value as number)
    : undefined;
}

function addressOf(value: unknown): Address | undefined {
  return typeof value === "string" && isAddress(value, { strict: false }) ? getAddress(value) : undefined;
}

function hashOf(value: unknown): Hex | undefined {
  return isHex(value) && value.length === 66 ? value : undefined;
}

function blockOf(value: unknown): bigint | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}

function listOf<T>(value: unknown, parse: (item: Record<string, unknown>) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const parsed = value.map((item: unknown) => parse(objectOf(item)));
  return parsed.includes(undefined) ? undefined : (parsed as T[]);
}

/** With every member, or undefined. */
function whole<T extends object>(members: { [Name in keyof T]: T[Name] | undefined }): T | undefined {
  return Object.values(members).includes(undefined) ? undefined : (members as T);
}

function allocationOf({ label, beneficiary, amount, schedule, revoker }: Record<string, unknown>) {
  const { initialBps, cliffSeconds, durationSeconds, steps } = objectOf(schedule);
  return whole<Allocation>({
    label: textOf(label),
    beneficiary: addressOf(beneficiary),
    amount: amountOf(amount),
    schedule: whole<Allocation["schedule"]>({
      ...{ initialBps: countOf(initialBps), steps: countOf(steps) },
      ...{ cliffSeconds: amountOf(cliffSeconds), durationSeconds: amountOf(durationSeconds) },
    }),
    revoker: addressOf(revoker),
  });
}

function personaOf({ name, address, privateKey, note }: Record<string, unknown>) {
  return whole<Persona>({
    ...{ name: textOf(name), address: addressOf(address) },
    ...{ privateKey: hashOf(privateKey), note: textOf(note) },
  });
}

function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** As decimal strings: no number holds it. */
function amountOf(value: unknown): bigint | undefined {
  return typeof value === "string" && /^\d{1,78}$/.test(value) ? BigInt(value) : undefined;
}
