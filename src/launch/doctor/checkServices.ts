import type { PublicClient } from "viem";
import { LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import type { Clock } from "../../chain/clock.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { Readiness } from "../../sdk/signerApi.ts";
import type { Findings, Told } from "./Finding.ts";
import { readStatus, type ToldStatus } from "./readStatus.ts";

export type Ask = (url: string, init?: RequestInit) => Promise<Response>;
type Common = { ask: Ask; record: LaunchRecord; findings: Findings; clock: Clock };
type Now = { time: bigint; head: bigint } | undefined;

const MOST_SKEW_SECONDS = 30;
/** Blocks that the indexer may be behind the node that was asked. */
const MOST_LAG = 5;
const OLDEST_KEY_DAYS = 180;

/** Signer ↔ record ↔ chain ↔ page's origin ↔ expected crowd. */
export async function checkSigner({
  url,
  chain,
  now,
  pageOrigin,
  crowd,
  ...common
}: Common & {
  url: string;
  chain: PublicClient;
  now: Now;
  pageOrigin: string;
  crowd: number;
}): Promise<void> {
  const { record, findings } = common;
  const { must, told, unknown } = findings;
  if (url === "") {
    if (record.terms.sale.voucherRequired) unknown("signer", "no signer named", "Name it with --signer.");
    return;
  }
  const status = await checkStatus("signer", url, common);
  if (status === undefined) return;
  const restart = "Start the signer with the record of this deployment.";
  const policy = saleIn(status, record)?.policyHash;
  told("signer.policy", policy, restart, (got) => [got === record.policyHash, got, record.policyHash]);
  if (now !== undefined) {
    await checkSigningKey(status, chain, common);
    const fix = "Give the signer a node that keeps up.";
    told("signer.head", status.head, fix, ({ time }) => within(time - Number(now.time), MOST_SKEW_SECONDS));
  }
  await checkReady("signer", url, common);
  await checkOrigins("signer", url, status, pageOrigin, common);
  const host = pageOrigin === "" ? "" : new URL(pageOrigin).host;
  if (host !== "") {
    const fix = `Add ${host} to its SIWE_DOMAIN, or nobody can sign in there.`;
    told("signer.domain", status.loginDomains, fix, (hosts) => [
      hosts.includes(host),
      hosts.join(", "),
      host,
    ]);
  }
  checkLimits(status, crowd, findings);
  if (Object.keys(status.keyAgesDays ?? {}).length === 0)
    unknown("signer.keys", "ages not reported", "See for yourself when each key was made.");
  for (const [name, days] of Object.entries(status.keyAgesDays ?? {})) {
    const key = `signer.keys.${name}`;
    must(key, days <= OLDEST_KEY_DAYS, `${days} days`, `≤ ${OLDEST_KEY_DAYS}`, "Rotate it.");
  }
  const behindProxy = url.startsWith("https:");
  const proxyFix = behindProxy
    ? "Set its TRUSTED_PROXY to the proxy before it, or all people count as one address."
    : "Name it by its public https URL, or unset its TRUSTED_PROXY.";
  const proxies = behindProxy ? "the proxy before it" : "nobody";
  told("signer.proxy", status.behindProxy, proxyFix, (trusts) => [
    ...([trusts === behindProxy, trusts ? "a proxy" : "nobody", proxies] as const),
  ]);
}

async function checkSigningKey(
  { signer }: ToldStatus,
  chain: PublicClient,
  { record, findings: { must, unknown } }: Common,
): Promise<void> {
  const fix =
    "Have the owner admit this signer (launch signers add), or start the signer with the admitted key.";
  if (signer === undefined) {
    unknown("signer.key", "not reported", fix);
    return;
  }
  const call = { address: record.sale, abi: saleAbi, functionName: "signerOf" } as const;
  const [standing, maxCap] = await chain.readContract({ ...call, args: [signer] });
  must("signer.key", standing === 1, `${signer}, ${words[standing] ?? ""}`, "admitted by the sale", fix);
  const caps = record.policy.tiers.map(({ personCap }) => personCap);
  const largest = caps.reduce((most, cap) => (cap > most ? cap : most), 0n);
  const lower = "Lower the policy's caps, or admit a signer with wider bounds.";
  must("signer.bounds", largest <= maxCap, `maxCap ${maxCap}`, `at least ${largest}`, lower);
}

const words = ["unknown", "admitted", "struck off"];

/** What the signer and the providers behind it take ↔ the crowd. */
function checkLimits(status: ToldStatus, crowd: number, { must, told, unknown }: Findings): void {
  if (crowd === 0) {
    const fix = "Name the requests a minute that you expect of the busiest client: --crowd.";
    unknown("signer.limits", "no crowd named", fix);
  } else {
    const fix =
      "Raise policy.requestsPerMinute in a new version, or people are turned away in the first minute.";
    told("signer.limits", status.requestsPerMinute, fix, ({ client }) => [
      ...([client >= crowd, `${client} a minute`, `at least ${crowd}`] as const),
    ]);
  }
  const quotas = Object.entries(status.quotasPerMinute ?? {});
  if (quotas.length === 0) {
    const fix =
      "Ask the KYC provider what it takes a minute, and declare it in the signer's PROVIDER_QUOTAS.";
    unknown("signer.quotas", "not reported", fix);
  }
  for (const [name, quota] of quotas) {
    const fix = "Have the provider raise the quota before the sale opens.";
    must(`signer.quotas.${name}`, quota >= crowd, `${quota} a minute`, `at least ${crowd}`, fix);
  }
}

/** Indexer ↔ record ↔ chain's head ↔ page's origin. */
export async function checkIndexer({
  url,
  now,
  pageOrigin,
  ...common
}: Common & { url: string; now: Now; pageOrigin: string }): Promise<void> {
  const { told, unknown } = common.findings;
  if (url === "") {
    unknown("indexer", "no indexer named", "Name it with --indexer.");
    return;
  }
  const status = await checkStatus("indexer", url, common);
  if (status === undefined) return;
  if (now !== undefined) {
    told("indexer.head", status.head, "Wait, or look at its node.", ({ number }) => {
      const lag = Number(now.head) - number;
      return [lag <= MOST_LAG, `${lag} blocks behind`, `≤ ${MOST_LAG}`];
    });
  }
  await checkReady("indexer", url, common);
  await checkOrigins("indexer", url, status, pageOrigin, common);
}

/** Page ↔ record ↔ services. */
export async function checkPage({
  url,
  signer,
  indexer,
  ...common
}: Common & { url: string; signer: string; indexer: string }): Promise<void> {
  const { ask, record, findings } = common;
  const { same, must, told, unknown } = findings;
  if (url === "") {
    unknown("page", "no page named", "Name it with --page.");
    return;
  }
  type Config = Partial<Record<"chainId" | "sale" | "termsHash" | "signerUrl" | "indexerUrl", unknown>>;
  const base = (value: unknown) => String(value).replace(/\/+$/, "");
  const config = await read<Config>(ask, `${url}/config.json`);
  if (config === undefined) {
    must("page.answers", false, "no config.json", "an answer", "Serve the page, or correct --page.");
    return;
  }
  const fix = "Correct the file that the page serves as /config.json.";
  same("page.chain", config.chainId, record.chainId, fix);
  same("page.sale", config.sale, record.sale, fix);
  same("page.terms", config.termsHash, record.termsHash, fix);
  const services = [signer, indexer].filter((service) => service !== "");
  if (signer !== "") same("page.signer", base(config.signerUrl), signer, fix);
  if (indexer !== "") same("page.indexer", base(config.indexerUrl), indexer, fix);
  const status = readStatus(await read(ask, `${url}/v1/status`)) ?? {};
  const wanted = services.map((service) => new URL(service).origin);
  const allow = "Let the page's Content-Security-Policy allow its services in connect-src.";
  told("page.origins", status.origins, allow, (origins) => [
    ...([wanted.every((each) => origins.includes(each)), origins.join(", "), wanted.join(", ")] as const),
  ]);
}

/** What a service says of itself ↔ record ↔ clock; undefined where it says nothing. It may be of another version. */
async function checkStatus(
  service: "signer" | "indexer",
  url: string,
  { ask, record, findings, clock }: Common,
): Promise<ToldStatus | undefined> {
  const { must, told } = findings;
  const status = readStatus(await read(ask, `${url}/v1/status`));
  if (status === undefined) {
    const fix = `Start the ${service}, or correct --${service}.`;
    must(`${service}.answers`, false, "no answer", "an answer", fix);
    return undefined;
  }
  const restart = `Start the ${service} with the record of this deployment.`;
  const { chainId, sale, termsHash } = record;
  told(`${service}.chain`, status.chainId, restart, (got) => [got === chainId, String(got), String(chainId)]);
  told(`${service}.sale`, status.sales, restart, (sales) => {
    const served = sales.map((each) => each.sale).join(", ");
    return [saleIn(status, record) !== undefined, served || "none", sale];
  });
  const terms = saleIn(status, record)?.termsHash;
  told(`${service}.terms`, terms, restart, (got) => [got === termsHash, got, termsHash]);
  const fix = `Set the ${service}'s clock, or this machine's.`;
  told(`${service}.clock`, status.clock, fix, (got) => within(got - clock.now() / 1000, MOST_SKEW_SECONDS));
  return status;
}

function saleIn({ sales }: ToldStatus, { sale }: LaunchRecord) {
  return sales?.find((each) => each.sale.toLowerCase() === sale.toLowerCase());
}

function within(skew: number, most: number): Told {
  return [Math.abs(skew) <= most, `${Math.abs(skew).toFixed(0)} s`, `≤ ${most} s`];
}

async function checkReady(
  service: string,
  url: string,
  { ask, findings }: Pick<Common, "ask" | "findings">,
): Promise<void> {
  const name = `${service}.ready`;
  const readiness = await readAnyStatus<Readiness>(ask, `${url}/readyz`);
  if (readiness?.checks === undefined) {
    findings.must(name, false, "no answer", "ready", `Look at the ${service}'s log.`);
    return;
  }
  const failing = readiness.checks.filter(({ ok }) => !ok);
  const got = failing.map(({ name: check, got: what = "" }) => `${check} ${what}`.trim()).join("; ");
  const ways = failing.map(({ wayOut = "" }) => wayOut).filter((way) => way !== "");
  const ready = readiness.ready && failing.length === 0;
  findings.must(name, ready, got || "ready", "ready", ways.join(" ") || "See its log.");
}

/** Is the page let in, and, on a chain that counts, nobody over plain HTTP? */
async function checkOrigins(
  service: string,
  url: string,
  { origins }: ToldStatus,
  pageOrigin: string,
  { ask, record, findings }: Common,
): Promise<void> {
  if (record.chainId !== LOCAL_CHAIN_ID) {
    const fix = "Serve pages by https only, and take the others out of its CORS_ORIGIN.";
    findings.told(`${service}.origins`, origins, fix, (allowed) => [
      ...([!allowed.some((each) => each.startsWith("http:")), allowed.join(", "), "https only"] as const),
    ]);
  }
  const name = `${service}.origin`;
  if (pageOrigin === "") {
    findings.unknown(name, "no page named", "Name it with --page.");
    return;
  }
  const response = await ask(`${url}/v1/status`, { headers: { origin: pageOrigin } }).catch(() => undefined);
  const got = response?.headers.get("access-control-allow-origin") ?? "nobody";
  const fix = `Add ${pageOrigin} to its CORS_ORIGIN.`;
  findings.must(name, got === pageOrigin || got === "*", got, pageOrigin, fix);
}

async function read<T>(ask: Ask, url: string): Promise<T | undefined> {
  const response = await ask(url).catch(() => undefined);
  return response?.ok === true
    ? ((await response.json().catch(() => undefined)) as T | undefined)
    : undefined;
}

async function readAnyStatus<T>(ask: Ask, url: string): Promise<T | undefined> {
  const response = await ask(url).catch(() => undefined);
  return (await response?.json().catch(() => undefined)) as T | undefined;
}
