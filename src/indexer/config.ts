import { readFile, stat } from "node:fs/promises";
import { isIP } from "node:net";
import { getAddress, isAddress, type Address } from "viem";
import { defaultFinality, type Finality } from "../chain/finality.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import { parseRecord } from "../sdk/json.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { Problem } from "../sdk/problem.ts";
import { termsHash } from "../sdk/terms.ts";
import type { StreamLimits } from "./streams.ts";
import type { Webhook } from "./webhooks.ts";

export type Config = {
  records: readonly LaunchRecord[];
  chainId: number;
  rpcUrls: readonly string[];
  /** Of websockets that tell of new blocks. */
  hintUrls: readonly string[];
  finality: Finality;
  pollMs: number;
  host: string;
  port: number;
  corsOrigins: readonly string[];
  requestsPerMinute: number;
  trustedProxies: readonly string[];
  /** Event streams open at once. */
  streams: StreamLimits;
  /** Where this API is to be found from outside, without a slash at its end. */
  publicUrl: string | undefined;
  /** Who is told what becomes final. */
  webhooks: readonly Webhook[];
  /** Folder of signed documents. */
  documentsDir: string | undefined;
  /** Who signs criteria. */
  platform: Address | undefined;
};

/**
 * The configuration by the environment: LAUNCH_RECORD and RPC_URL (comma lists), FINALITY_DEPTH (blocks; must be given on
 * local chains, elsewhere the chain's own finality counts), POLL_MS (1000), RPC_WS_URL (none), HOST (127.0.0.1), PORT (7420), CORS_ORIGIN
 * (comma list, or *), REQUESTS_PER_MINUTE (600), STREAMS (2000), STREAMS_PER_ADDRESS (50), TRUSTED_PROXY, PUBLIC_URL,
 * WEBHOOKS_FILE, DOCUMENTS_DIR and PLATFORM (none). Throws `config-invalid`, `record-unreadable`, `record-inconsistent`, each with all that is wrong.
 */
export async function readConfig(env: Record<string, string | undefined>): Promise<Config> {
  const problems: Problem[] = [];
  const wrong = (field: string, got: string | undefined, wanted: string): void => {
    const wayOut = `Set ${field}.`;
    problems.push({
      code: "config-invalid",
      field,
      got: got === undefined ? "nothing" : JSON.stringify(got),
      wanted,
      wayOut,
    });
  };
  const integer = (
    field: string,
    least: number,
    most: number,
    fallback: number | undefined,
  ): number | undefined => {
    const text = env[field];
    if (text === undefined || text === "") return fallback;
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    wrong(field, text, `a whole number from ${String(least)} to ${String(most)}`);
    return fallback;
  };

  const rpcUrls = listOf(env["RPC_URL"]);
  // The URL itself may hold a key: only its place in the list is named.
  rpcUrls.forEach((url, index) => {
    if (!isUrl(url, /^https?:$/)) wrong("RPC_URL", `entry ${String(index + 1)}`, "an http(s) URL");
  });
  const hintUrls = listOf(env["RPC_WS_URL"]);
  hintUrls.forEach((url, index) => {
    if (!isUrl(url, /^wss?:$/) || url.includes("#"))
      wrong("RPC_WS_URL", `entry ${String(index + 1)}`, "a ws(s) URL without a fragment (#)");
  });
  if (rpcUrls.length === 0) wrong("RPC_URL", env["RPC_URL"], "the URL of a node, or a comma list");
  const pollMs = integer("POLL_MS", 10, 600_000, 1_000) ?? 1_000;
  const requestsPerMinute = integer("REQUESTS_PER_MINUTE", 0, 1_000_000, 600) ?? 600;
  const streams = {
    most: integer("STREAMS", 0, 1_000_000, 2_000) ?? 2_000,
    mostOfClient: integer("STREAMS_PER_ADDRESS", 0, 1_000_000, 50) ?? 50,
  };
  const publicUrl = env["PUBLIC_URL"]?.replace(/\/+$/, "") || undefined;
  if (publicUrl !== undefined && !isUrl(publicUrl, /^https?:$/))
    wrong("PUBLIC_URL", publicUrl, "an http(s) URL");
  const trustedProxies = listOf(env["TRUSTED_PROXY"]);
  for (const proxy of trustedProxies) {
    if (!/^[\da-fA-F.:]+(\/\d{1,3})?$/.test(proxy) || isIP(proxy.split("/")[0] ?? "") === 0)
      wrong("TRUSTED_PROXY", proxy, "addresses or networks as 10.0.0.5 or 10.0.0.0/8");
  }
  const port = integer("PORT", 0, 65_535, 7420) ?? 7420;
  const depth = integer("FINALITY_DEPTH", 0, 1_000_000, undefined);
  const platform = env["PLATFORM"] || undefined;
  if (platform !== undefined && !isAddress(platform, { strict: false })) {
    wrong("PLATFORM", platform, "the address that signs criteria");
  }
  const paths = listOf(env["LAUNCH_RECORD"]);
  if (paths.length === 0)
    wrong("LAUNCH_RECORD", env["LAUNCH_RECORD"], "the path of a launch record, or a comma list");

  const records = await Promise.all(paths.map(readRecord));
  checkTogether(records);
  const chainId = records[0]?.chainId ?? 0;
  const finality: Finality | undefined =
    depth === undefined ? defaultFinality(chainId) : { kind: "depth", depth };
  if (records.length > 0 && finality === undefined && env["FINALITY_DEPTH"] === undefined) {
    wrong("FINALITY_DEPTH", undefined, "a number of blocks, as a local chain has no finality of its own");
  }

  const webhooks = await readWebhooks(env["WEBHOOKS_FILE"]).catch((error: unknown) => {
    wrong("WEBHOOKS_FILE", env["WEBHOOKS_FILE"], error instanceof Error ? error.message : "readable");
    return [];
  });
  if (problems.length > 0 || finality === undefined) {
    throw indexerError("config-invalid", problems.map(({ field }) => field).join(", "), { problems });
  }
  return {
    records,
    chainId,
    ...{ rpcUrls, hintUrls },
    finality,
    pollMs,
    host: env["HOST"] ?? "127.0.0.1",
    port,
    corsOrigins: listOf(env["CORS_ORIGIN"]),
    ...{ webhooks, trustedProxies, requestsPerMinute, streams, publicUrl },
    documentsDir: env["DOCUMENTS_DIR"] || undefined,
    platform: platform === undefined ? undefined : getAddress(platform),
  };
}

function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** JSON, for its owner's eyes alone: [{ "url": …, "secret": … }]. What is thrown says what is wanted, and no secret. */
async function readWebhooks(path: string | undefined): Promise<Webhook[]> {
  if (path === undefined || path === "") return [];
  const { mode } = await stat(path).catch(() => {
    throw new Error("the path of a file");
  });
  if ((mode & 0o077) !== 0) throw new Error("a file that only its owner can read (chmod 600)");
  const parsed = parsedOrUndefined(await readFile(path, "utf8"));
  const list = Array.isArray(parsed) ? (parsed as Partial<Webhook>[]) : [];
  const sound = list.filter(
    ({ url, secret }) =>
      typeof url === "string" && isPrivateOrHttps(url) && typeof secret === "string" && secret.length >= 32,
  );
  if (list.length === 0 || sound.length < list.length) {
    throw new Error('a list of { "url", "secret" }: https, or http on this machine; 32 characters or more');
  }
  return sound as Webhook[];
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isPrivateOrHttps(url: string): boolean {
  if (!isUrl(url, /^https?:$/)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function isUrl(url: string, protocol: RegExp): boolean {
  return URL.canParse(url) && protocol.test(new URL(url).protocol);
}

async function readRecord(path: string): Promise<LaunchRecord> {
  let record: LaunchRecord;
  try {
    record = parseRecord(await readFile(path, "utf8"));
    record = { ...record, sale: getAddress(record.sale) };
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? "not the JSON of a launch record";
    throw indexerError("record-unreadable", `${path}: ${why}`, { cause });
  }

  let computed: string;
  try {
    computed = termsHash(record.terms);
  } catch (cause) {
    throw indexerError("record-inconsistent", `${path}: its terms are not complete`, { cause });
  }
  if (computed !== record.termsHash) {
    throw indexerError(
      "record-inconsistent",
      `${path}: its terms hash to ${computed}, it says ${record.termsHash}`,
    );
  }
  if (record.terms.chainId !== BigInt(record.chainId) || typeof record.startBlock !== "bigint") {
    throw indexerError("record-inconsistent", `${path}: chain id or start block`);
  }
  const { sale, listing, vesting } = record.terms;
  const told = [record.currency, record.venue, record.vesting].map((one) => one.toLowerCase());
  const wanted = [sale.currency, listing.venue, vesting.vesting].map((one) => one.toLowerCase());
  if (told.join() !== wanted.join()) {
    throw indexerError(
      "record-inconsistent",
      `${path}: currency, venue or vesting are not those of its terms`,
    );
  }
  return record;
}

function checkTogether(records: readonly LaunchRecord[]): void {
  const [first] = records;
  const seen = new Set<string>();
  for (const { chainId, sale } of records) {
    if (chainId !== first?.chainId) {
      throw indexerError(
        "record-inconsistent",
        `chains ${String(first?.chainId)} and ${String(chainId)}; one indexer follows one`,
      );
    }
    if (seen.has(sale)) throw indexerError("record-inconsistent", `${sale} is named twice`);
    seen.add(sale);
  }
}
