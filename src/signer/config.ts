import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { getAddress } from "viem";
import { parseRecord } from "../sdk/json.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { Problem } from "../sdk/problem.ts";
import { SignerError, signerError } from "../sdk/signerErrors.ts";
import { termsHash } from "../sdk/terms.ts";
import { readPartners, type Partners } from "./auth/readPartners.ts";
import type { Finality } from "./chain/createSaleReader.ts";
import { openSigningKey } from "./keys/openSigningKey.ts";
import type { SigningKey } from "./keys/SigningKey.ts";
import { readChecks, type Checks } from "./kyc/readChecks.ts";
import { createSanctions, type Sanctions } from "./kyc/createSanctions.ts";
import { combineSanctions, createSdnList } from "./kyc/createSdnList.ts";
import { createSecrets, type SecretName, type Secrets } from "./secrets/createSecrets.ts";
import type { Environment, Network } from "./secrets/SecretSource.ts";
import { isDefaultPassword } from "./secrets/weakness.ts";

export type Config = {
  record: LaunchRecord;
  rpcUrls: readonly string[];
  finality: Finality;
  host: string;
  port: number;
  /** What clients call this service, for signed requests: scheme and authority. Undefined: where it listens. */
  publicUrl: string | undefined;
  /** None: nobody's X-Forwarded-… headers count, and plain HTTP is answered. */
  trustedProxies: readonly string[];
  siweDomains: readonly string[];
  corsOrigins: readonly string[];
  /** Where the head of the audit log is written as it grows. */
  anchorFile: string | undefined;
  key: SigningKey;
  sanctions: Sanctions;
  /** Of webhooks and export; an endpoint without one accepts nothing. */
  secrets: Secrets;
  /** Which of the KYC providers' checks decide. */
  checks: Checks;
  partners: Partners;
  /** Of partners' public keys. */
  partnersFile: string | undefined;
  /** People of whom nothing was heard for so long are deleted once the sale is over. */
  forgetAfterDays: number | undefined;
  /** How long before the opening vouchers for it are given. */
  preIssueSeconds: bigint;
  /** What providers take a minute, as the operator declares. */
  quotasPerMinute: Readonly<Record<string, number>> | undefined;
};

const LOCAL_CHAIN = 31337;
export const network: Network = {
  deadline: () => AbortSignal.timeout(5_000),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
};
const OFAC_MAX_AGE_HOURS = 72;
/** OFAC's list has hundreds; a copy with fewer than this is none. */
const OFAC_LEAST = 50;

/** The launch record of LAUNCH_RECORD, whose terms hash to what it says. Throws `record-unreadable`. */
export function readRecord(env: Environment): LaunchRecord {
  const path = env["LAUNCH_RECORD"];
  if (path === undefined || path === "") throw signerError("record-unreadable", "LAUNCH_RECORD is not set");
  let record: LaunchRecord;
  try {
    record = parseRecord(readFileSync(path, "utf8"));
    record = { ...record, sale: getAddress(record.sale) };
    if (termsHash(record.terms) === record.termsHash && record.terms.chainId === BigInt(record.chainId))
      return record;
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? "not the JSON of a launch record";
    throw signerError("record-unreadable", `${path}: ${why}`, { cause });
  }
  throw signerError(
    "record-unreadable",
    `${path}: its terms do not hash to its termsHash, or name another chain`,
  );
}

/**
 * The configuration of `serve`; docs/signer.md says what each variable means. Throws `config-invalid` with everything that is
 * wrong, or the error of the file that is.
 */
export async function readConfig(env: Environment): Promise<Config> {
  const problems: Problem[] = [];
  const wrong = (field: string, got: string | undefined, wanted: string): void => {
    problems.push({ code: "config-invalid", field, got: got ?? "nothing", wanted, wayOut: `Set ${field}.` });
  };
  const file = <T>(field: string, read: (path: string) => T): T | undefined => {
    const path = env[field];
    if (path === undefined || path === "") return undefined;
    try {
      return read(path);
    } catch (error) {
      if (!(error instanceof SignerError)) throw error;
      problems.push({
        code: error.code,
        field,
        got: error.message,
        wanted: "a file that can be used",
        wayOut: error.wayOut,
      });
      problems.push(...error.problems);
      return undefined;
    }
  };
  const needed = <T>(field: string, wanted: string, read: (path: string) => T): T | undefined => {
    if (env[field] === undefined || env[field] === "") wrong(field, undefined, wanted);
    return file(field, read);
  };

  const record = readRecord(env);
  const local = record.chainId === LOCAL_CHAIN;
  const secrets = createSecrets({ env, local, network });
  await secrets.load(problems);
  const rpcUrls = listOf((await secrets.single("RPC_URL", problems)) ?? env["RPC_URL"]);
  // The URL itself may hold a key: only its place in the list is named.
  rpcUrls.forEach((url, index) => {
    if (!isHttp(url)) wrong("RPC_URL", `entry ${String(index + 1)}`, "an http(s) URL");
  });
  if (rpcUrls.length === 0) wrong("RPC_URL", undefined, "the URL of a node, or a comma list");

  const depth = integer(env["FINALITY_DEPTH"], 0, 1_000_000);
  if (depth === "wrong") wrong("FINALITY_DEPTH", env["FINALITY_DEPTH"], "a number of blocks");
  if (depth === undefined && local) {
    wrong("FINALITY_DEPTH", undefined, "a number of blocks, as a local chain has no finality of its own");
  }
  const port = integer(env["PORT"], 0, 65_535);
  if (port === "wrong") wrong("PORT", env["PORT"], "a number from 0 to 65535");

  const early = integer(env["PRE_ISSUE_SECONDS"], 0, 86_400);
  if (early === "wrong") wrong("PRE_ISSUE_SECONDS", env["PRE_ISSUE_SECONDS"], "seconds, a day at most");

  const oldest = Math.ceil(Number(record.policy.decisionMaxAgeSeconds) / 86_400);
  const forgetAfterDays = integer(env["FORGET_AFTER_DAYS"], oldest, 36_500);
  if (forgetAfterDays === "wrong") {
    wrong(
      ...(["FORGET_AFTER_DAYS", env["FORGET_AFTER_DAYS"]] as const),
      `days, ${String(oldest)} or more: as long as the policy lets a decision count`,
    );
  }

  const siweDomains = listOf(env["SIWE_DOMAIN"]);
  for (const domain of siweDomains) {
    if (!URL.canParse(`https://${domain}`) || new URL(`https://${domain}`).host !== domain) {
      wrong("SIWE_DOMAIN", domain, "hosts as sale.example, with a port where it is not the usual one");
    }
  }
  if (siweDomains.length === 0) wrong("SIWE_DOMAIN", undefined, "the host the page is served at");
  const corsOrigins = listOf(env["CORS_ORIGIN"]);
  for (const origin of corsOrigins) {
    if (!isHttp(origin) || new URL(origin).origin !== origin)
      wrong("CORS_ORIGIN", origin, "origins as https://sale.example");
  }
  const publicUrl = env["PUBLIC_URL"] === "" ? undefined : env["PUBLIC_URL"];
  if (publicUrl !== undefined && (!isHttp(publicUrl) || new URL(publicUrl).origin !== publicUrl)) {
    wrong("PUBLIC_URL", publicUrl, "scheme and host as https://signer.example, without a path");
  }

  const trustedProxies = listOf(env["TRUSTED_PROXY"]);
  for (const proxy of trustedProxies) {
    const [address = "", bits = "8", ...more] = proxy.split("/");
    const most = isIP(address) === 4 ? 32 : 128;
    const network = /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most;
    if (isIP(address) === 0 || !network || more.length > 0)
      wrong("TRUSTED_PROXY", proxy, "addresses or networks as 10.0.0.5 or 10.0.0.0/8");
  }

  if (!local && isDefaultPassword(env["DATABASE_URL"]))
    wrong("DATABASE_URL", "a password that everybody knows", "a random one");
  const key = await openSigningKey({ env, secrets, local, network, problems });
  if (key !== undefined) secrets.track("SIGNER_KEY", key.address);
  const maxAgeHours = integer(env["OFAC_MAX_AGE_HOURS"], 1, 8_760);
  if (maxAgeHours === "wrong") wrong("OFAC_MAX_AGE_HOURS", env["OFAC_MAX_AGE_HOURS"], "a number of hours");
  const sdn = file("OFAC_SDN_FILE", (path) => {
    const hours = typeof maxAgeHours === "number" ? maxAgeHours : OFAC_MAX_AGE_HOURS;
    const list = createSdnList({ path, maxAgeHours: hours, least: OFAC_LEAST });
    list.check();
    return list;
  });
  const denied = needed("SANCTIONS_FILE", "the path of a list of sanctioned addresses", (path) => {
    const list = createSanctions(path);
    list.check();
    return list;
  });
  const quotasPerMinute = readQuotas(env["PROVIDER_QUOTAS"]);
  if (quotasPerMinute === "wrong")
    wrong("PROVIDER_QUOTAS", env["PROVIDER_QUOTAS"], "requests a minute, as kyc=600,rpc=3000");
  const uses = (secret: SecretName): boolean => secrets.storeOf(secret) !== undefined;
  const checks = readChecks(env, { policy: record.policy, uses, problems });
  const partners: Partners = file("PARTNERS_FILE", readPartners) ?? new Map();

  if (problems.length > 0 || key === undefined || denied === undefined) {
    throw signerError("config-invalid", problems.map(({ field }) => field).join(", "), { problems });
  }
  return {
    ...{
      record,
      rpcUrls,
      host: env["HOST"] ?? "127.0.0.1",
      port: typeof port === "number" ? port : 7410,
      publicUrl,
    },
    finality: typeof depth === "number" ? { kind: "depth", depth } : { kind: "tag" },
    anchorFile: env["AUDIT_ANCHOR_FILE"] === "" ? undefined : env["AUDIT_ANCHOR_FILE"],
    ...{
      trustedProxies,
      siweDomains,
      corsOrigins,
      key,
      sanctions: sdn === undefined ? denied : combineSanctions([denied, sdn]),
      secrets,
      checks,
      partners,
    },
    forgetAfterDays: typeof forgetAfterDays === "number" ? forgetAfterDays : undefined,
    preIssueSeconds: typeof early === "number" ? BigInt(early) : 0n,
    partnersFile: env["PARTNERS_FILE"] === "" ? undefined : env["PARTNERS_FILE"],
    quotasPerMinute: quotasPerMinute === "wrong" ? undefined : quotasPerMinute,
  };
}

function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function readQuotas(text: string | undefined): Record<string, number> | undefined | "wrong" {
  const parts = listOf(text).map((part) => /^([a-z][a-z0-9-]{0,31})=(\d{1,9})$/.exec(part));
  if (parts.length === 0) return undefined;
  if (parts.includes(null)) return "wrong";
  return Object.fromEntries(parts.map((part) => [part?.[1] ?? "", Number(part?.[2])]));
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function integer(text: string | undefined, least: number, most: number): number | undefined | "wrong" {
  if (text === undefined || text === "") return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : "wrong";
}
