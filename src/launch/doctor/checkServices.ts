import type { PublicClient } from "viem";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { SaleStats } from "../../sdk/indexerApi.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { ServiceStatus } from "../../sdk/serviceStatus.ts";
import type { Readiness, SignerLaunch } from "../../sdk/signerApi.ts";
import type { Findings } from "./Finding.ts";

export type Ask = (url: string, init?: RequestInit) => Promise<Response>;
type Common = { ask: Ask; record: LaunchRecord; findings: Findings };
type Now = { time: bigint; head: bigint } | undefined;

const MOST_SKEW_SECONDS = 30;
/** Blocks that the indexer may be behind the node that was asked. */
const MOST_LAG = 5;
const OLDEST_KEY_DAYS = 180;

/** Signer ↔ record ↔ chain ↔ page's origin ↔ expected crowd. */
export async function checkSigner({
  ask,
  record,
  findings,
  url,
  chain,
  now,
  pageOrigin,
  crowd,
}: Common & {
  url: string;
  chain: PublicClient;
  now: Now;
  pageOrigin: string;
  crowd: number;
}): Promise<void> {
  const { same, must, unknown } = findings;
  if (url === "") {
    if (record.terms.sale.voucherRequired) unknown("signer", "no signer named", "Name it with --signer.");
    return;
  }
  const served = await read<SignerLaunch>(ask, `${url}/v1/launch`);
  if (served === undefined) {
    must("signer.answers", false, "no answer", "an answer", "Start the signer, or correct --signer.");
    return;
  }
  const restart = "Start the signer with the record of this deployment.";
  same("signer.chain", served.chainId, record.chainId, restart);
  same("signer.sale", served.sale, record.sale, restart);
  same("signer.terms", served.termsHash, record.termsHash, restart);
  same("signer.policy", served.policyHash, record.policyHash, restart);
  if (now !== undefined) {
    const call = { address: record.sale, abi: saleAbi, functionName: "signerOf" } as const;
    const [standing, maxCap] = await chain.readContract({ ...call, args: [served.signer] });
    const fix =
      "Have the owner admit this signer (launch signers add), or start the signer with the admitted key.";
    must(
      "signer.key",
      standing === 1,
      `${served.signer}, ${words[standing] ?? ""}`,
      "admitted by the sale",
      fix,
    );
    const largest = record.policy.tiers.reduce(
      (most, { personCap }) => (personCap > most ? personCap : most),
      0n,
    );
    const lower = "Lower the policy's caps, or admit a signer with wider bounds.";
    must("signer.bounds", largest <= maxCap, `maxCap ${maxCap}`, `at least ${largest}`, lower);
    const skew = Math.abs(served.chainTime - Number(now.time));
    must(
      "signer.clock",
      skew <= MOST_SKEW_SECONDS,
      `${skew} s`,
      `≤ ${MOST_SKEW_SECONDS} s`,
      "Give the signer a node that keeps up.",
    );
  }
  await checkReady("signer", `${url}/readyz`, { ask, findings });
  await checkOrigin("signer.origin", `${url}/v1/launch`, pageOrigin, { ask, findings });

  if (crowd === 0) {
    unknown(
      "signer.limits",
      "no crowd named",
      "Name the requests a minute that you expect of the busiest client: --crowd.",
    );
  } else {
    const most = record.policy.requestsPerMinute;
    const fix =
      "Raise policy.requestsPerMinute in a new version, or people are turned away in the first minute.";
    must("signer.limits", most >= BigInt(crowd), `${most} a minute`, `at least ${crowd}`, fix);
  }
  const status = (await read<ServiceStatus>(ask, `${url}/v1/status`)) ?? {};
  const ages = Object.entries(status.keyAgesDays ?? {});
  if (ages.length === 0)
    unknown("signer.keys", "ages not reported", "See for yourself when each key was made.");
  for (const [name, days] of ages) {
    must(
      `signer.keys.${name}`,
      days <= OLDEST_KEY_DAYS,
      `${days} days`,
      `≤ ${OLDEST_KEY_DAYS}`,
      "Rotate it.",
    );
  }
  const quotas = Object.entries(status.quotasPerMinute ?? {});
  if (quotas.length === 0)
    unknown("signer.quotas", "not reported", "Ask the KYC provider what it takes a minute.");
  for (const [name, quota] of quotas) {
    const fix = "Have the provider raise the quota before the sale opens.";
    must(`signer.quotas.${name}`, quota >= crowd, `${quota} a minute`, `at least ${crowd}`, fix);
  }
  if (status.trustedProxies === undefined) {
    unknown(
      "signer.proxy",
      "not reported",
      "Check that the signer sees people's own addresses, not the proxy's.",
    );
  } else must("signer.proxy", true, status.trustedProxies.join(", ") || "nobody", "reported", "");
}

const words = ["unknown", "admitted", "struck off"];

/** Indexer ↔ record ↔ chain's head ↔ page's origin. */
export async function checkIndexer({
  ask,
  record,
  findings,
  url,
  now,
  pageOrigin,
}: Common & { url: string; now: Now; pageOrigin: string }): Promise<void> {
  const { same, must, unknown } = findings;
  if (url === "") {
    unknown("indexer", "no indexer named", "Name it with --indexer.");
    return;
  }
  const stats = await read<SaleStats>(ask, `${url}/v1/sales/${record.sale}`);
  if (stats === undefined) {
    const fix = "Start the indexer with the record of this deployment, or correct --indexer.";
    must("indexer.sale", false, "it does not serve this sale", record.sale, fix);
    return;
  }
  same(
    "indexer.terms",
    stats.termsHash,
    record.termsHash,
    "Start the indexer with the record of this deployment.",
  );
  must("indexer.status", stats.status === "live", stats.status, "live", stats.wayOut ?? "See its /readyz.");
  if (now !== undefined) {
    const lag = Number(now.head) - stats.head.number;
    must(
      "indexer.head",
      lag <= MOST_LAG,
      `${lag} blocks behind`,
      `≤ ${MOST_LAG}`,
      "Wait, or look at its node.",
    );
  }
  await checkReady("indexer", `${url}/readyz`, { ask, findings });
  await checkOrigin("indexer.origin", `${url}/v1/sales`, pageOrigin, { ask, findings });
}

/** Page ↔ record ↔ services. */
export async function checkPage({
  ask,
  record,
  findings,
  url,
  signer,
  indexer,
}: Common & { url: string; signer: string; indexer: string }): Promise<void> {
  const { same, must, unknown } = findings;
  if (url === "") {
    unknown("page", "no page named", "Name it with --page.");
    return;
  }
  type Config = { chainId: number; sale: string; termsHash: string; signerUrl: string; indexerUrl: string };
  const config = await read<Config>(ask, `${url}/config.json`);
  if (config === undefined) {
    must("page.answers", false, "no config.json", "an answer", "Serve the page, or correct --page.");
    return;
  }
  const fix = "Correct the file that the page serves as /config.json.";
  same("page.chain", config.chainId, record.chainId, fix);
  same("page.sale", config.sale, record.sale, fix);
  same("page.terms", config.termsHash, record.termsHash, fix);
  if (signer !== "") same("page.signer", config.signerUrl.replace(/\/+$/, ""), signer, fix);
  if (indexer !== "") same("page.indexer", config.indexerUrl.replace(/\/+$/, ""), indexer, fix);
}

async function checkReady(
  service: string,
  url: string,
  { ask, findings }: Pick<Common, "ask" | "findings">,
): Promise<void> {
  const readiness = await readAnyStatus<Readiness>(ask, url);
  if (readiness?.checks === undefined) {
    findings.must(`${service}.ready`, false, "no answer", "ready", `Look at the ${service}'s log.`);
    return;
  }
  const failing = readiness.checks.filter(({ ok }) => !ok);
  const got = failing.map(({ name, got: what = "" }) => `${name} ${what}`.trim()).join("; ") || "ready";
  const fix = failing
    .map(({ wayOut = "" }) => wayOut)
    .filter((way) => way !== "")
    .join(" ");
  findings.must(
    `${service}.ready`,
    readiness.ready && failing.length === 0,
    got,
    "ready",
    fix || "See its log.",
  );
}

/** A browser on the page must be let in. */
async function checkOrigin(
  name: string,
  url: string,
  origin: string,
  { ask, findings }: Pick<Common, "ask" | "findings">,
): Promise<void> {
  if (origin === "") {
    findings.unknown(name, "no page named", "Name it with --page.");
    return;
  }
  const response = await ask(url, { headers: { origin } }).catch(() => undefined);
  const got = response?.headers.get("access-control-allow-origin") ?? "nobody";
  const fix = `Add ${origin} to its CORS_ORIGIN.`;
  findings.must(name, got === origin || got === "*", got, origin, fix);
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
