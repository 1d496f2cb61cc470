import { readFile } from "node:fs/promises";
import { getAddress, isAddress, type Address } from "viem";
import { defaultFinality, type Finality } from "../chain/finality.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import { parseRecord } from "../sdk/json.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { Problem } from "../sdk/problem.ts";
import { termsHash } from "../sdk/terms.ts";

export type Config = {
  records: readonly LaunchRecord[];
  chainId: number;
  rpcUrls: readonly string[];
  finality: Finality;
  pollMs: number;
  host: string;
  port: number;
  corsOrigins: readonly string[];
  /** Folder of signed documents. */
  documentsDir: string | undefined;
  /** Who signs criteria. */
  platform: Address | undefined;
};

/**
 * The configuration by the environment: LAUNCH_RECORD and RPC_URL (comma lists), FINALITY_DEPTH (blocks; must be given on
 * local chains, elsewhere the chain's own finality counts), POLL_MS (1000), HOST (127.0.0.1), PORT (7420), CORS_ORIGIN
 * (comma list, or *), DOCUMENTS_DIR and PLATFORM (none). Throws `config-invalid`, `record-unreadable`, `record-inconsistent`, each with all that is wrong.
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
    if (!isHttp(url)) wrong("RPC_URL", `entry ${String(index + 1)}`, "an http(s) URL");
  });
  if (rpcUrls.length === 0) wrong("RPC_URL", env["RPC_URL"], "the URL of a node, or a comma list");
  const pollMs = integer("POLL_MS", 10, 600_000, 1_000) ?? 1_000;
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

  if (problems.length > 0 || finality === undefined) {
    throw indexerError("config-invalid", problems.map(({ field }) => field).join(", "), { problems });
  }
  return {
    records,
    chainId,
    rpcUrls,
    finality,
    pollMs,
    host: env["HOST"] ?? "127.0.0.1",
    port,
    corsOrigins: listOf(env["CORS_ORIGIN"]),
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

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
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
