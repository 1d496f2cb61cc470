import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { erc20Abi, formatUnits, isAddress, zeroAddress, type Address, type LocalAccount } from "viem";
import { systemClock } from "../../chain/clock.ts";
import { defaultFinality } from "../../chain/finality.ts";
import { canonicalOn } from "../../launch/canonicalOn.ts";
import { finalise as finaliseSale } from "../../launch/finalise.ts";
import { launchError } from "../../launch/launchErrors.ts";
import { list as listSale, listingCallOf } from "../../launch/list.ts";
import { act, type Acted } from "../../launch/operate/act.ts";
import { explainSubject, type Explanation } from "../../launch/operate/explainSubject.ts";
import { readStatus, type LaunchStatus } from "../../launch/operate/readStatus.ts";
import { releasable, release as releaseFrom, type Releasable } from "../../launch/operate/release.ts";
import { tryOnSale, type SaleCall } from "../../launch/sendToSale.ts";
import {
  acknowledge as acknowledgeNotice,
  readAcknowledgements,
  type Acknowledgement,
} from "../../reconcile/acknowledgements.ts";
import { blockingOf, reconcile as compare, type Reconciliation } from "../../reconcile/reconcile.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import { parseAddress, parseAmount, parseDuration } from "../../sdk/launchFile/parseValues.ts";
import { createOrderExporter } from "../../sdk/orderExport.ts";
import { openLaunch, type OpenLaunch } from "../openLaunch.ts";
import { given } from "./given.ts";
import { runTask } from "./runTask.ts";

type Base = { record: string; json: boolean };
type Acting = Base & { from: string; dryRun: boolean };
type Comparing = {
  rpc: string;
  indexer: string;
  signer: string;
  exportKeyFile: string;
  finalityDepth: number;
  acknowledged: string;
};

/** Runs a command on the launch of the record, and closes the connection whatever happens. */
async function onLaunch<Result>(
  options: Base & { from?: string; rpc?: string },
  hre: HardhatRuntimeEnvironment,
  work: (launch: OpenLaunch) => Promise<Result>,
  words: (result: Result) => string,
): Promise<Result | undefined> {
  return runTask({
    json: options.json,
    work: async () => {
      const launch = await openLaunch(hre, options);
      return work(launch).finally(() => launch.close());
    },
    words,
  });
}

function acting(
  callOf: (launch: OpenLaunch) => Promise<SaleCall> | SaleCall,
  options: Acting,
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  return onLaunch(
    options,
    hre,
    async (launch) =>
      act({
        client: launch.client,
        account: await senderOf(launch, options),
        sale: launch.record.sale,
        call: await callOf(launch),
        dryRun: options.dryRun,
      }),
    wordsOf,
  );
}

/** A dry run takes any address: a multisig's too, of which nobody here has the key. */
async function senderOf(launch: OpenLaunch, { from, dryRun }: Acting): Promise<LocalAccount | Address> {
  return dryRun && isAddress(from, { strict: false }) ? from : launch.account();
}

function wordsOf({ transaction, call }: Acted): string {
  if (transaction !== undefined) return `Done in ${transaction}`;
  return `It would pass; nothing was sent. A multisig sends to ${call.to}: ${call.data}`;
}

export function status(options: Base, hre: HardhatRuntimeEnvironment): Promise<unknown> {
  return onLaunch(options, hre, ({ chain, record }) => readStatus(chain, record), describeStatus);
}

export function explain(
  options: Base & { subject: string; rpc: string },
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  return onLaunch(
    options,
    hre,
    (launch) => explainSubject({ subject: options.subject, ...launch }),
    describe,
  );
}

export function finalise(options: Acting, hre: HardhatRuntimeEnvironment): Promise<unknown> {
  if (options.dryRun) return acting(() => ({ functionName: "finalise" }), options, hre);
  return onLaunch(
    options,
    hre,
    async ({ client, account, record }) => finaliseSale({ client, account: await account(), record }),
    ({ transaction, listableFrom }) =>
      `${transaction === undefined ? "It was finalised before." : `Done in ${transaction}.`} Anybody may list from second ${String(listableFrom)} on.`,
  );
}

export async function reconcile(options: Base & Comparing, hre: HardhatRuntimeEnvironment): Promise<void> {
  const result = await onLaunch(
    options,
    hre,
    (launch) => reconcileWith(options, launch),
    describeDifferences,
  );
  if (result !== undefined && blockingOf(result).length > 0) process.exitCode = 1;
}

/** Keeps who has looked at each notice of this code that there is now, and why nothing follows from it. */
export function acknowledge(
  options: Base & Comparing & { code: string; by: string; reason: string },
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  return onLaunch(
    options,
    hre,
    async (launch) => {
      const { acknowledged: file, code, by, reason } = options;
      if (file === "") throw launchError("usage", "--acknowledged <file> is missing");
      const { differences } = await reconcileWith(options, launch);
      const open = differences.filter((one) => one.code === code && one.acknowledged === undefined);
      if (open.length === 0) throw launchError("usage", `nothing of ${code} is open`);
      const kept: Acknowledgement[] = [];
      for (const notice of open) {
        const given = { launch: launch.record, notice, by, reason, at: new Date(systemClock.now()) };
        kept.push(await acknowledgeNotice(resolve(file), given));
      }
      return { kept };
    },
    ({ kept }) => kept.map(({ field, got, by }) => `${field}, ${got}: seen by ${by}`).join("\n"),
  );
}

export function list(options: Acting & Comparing, hre: HardhatRuntimeEnvironment): Promise<unknown> {
  return onLaunch(
    options,
    hre,
    async (launch) => {
      const { client, record } = launch;
      const account = await senderOf(launch, options);
      if (options.dryRun) {
        const reconciliation = await reconcileWith(options, launch);
        const { copy } = reconciliation;
        const blocking = blockingOf(reconciliation);
        if (blocking.length > 0 || copy === undefined) {
          throw launchError("listing-blocked", `${blocking.length} blocking`, { problems: blocking });
        }
        const call = await listingCallOf({ client, record }, copy.history);
        return { call: await tryOnSale({ client, account, sale: record.sale, call }) };
      }
      return listSale({
        ...{ client, account, record, canonical: canonicalOn(record.chainId) },
        reconcile: () => reconcileWith(options, launch),
      });
    },
    (done) => ("call" in done ? wordsOf(done) : `Listed in ${done.transaction}; the pool is ${done.id}`),
  );
}

export function release(
  options: Acting & { what: string },
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  return onLaunch(
    options,
    hre,
    async (launch) => {
      const { client, record } = launch;
      const what = options.what === "all" ? releasable : releasable.filter((one) => one === options.what);
      if (what.length === 0) throw launchError("usage", `wanted all, ${releasable.join(", ")}`);
      const account = await senderOf(launch, options);
      return releaseFrom({ client, account, sale: record.sale, what, dryRun: options.dryRun });
    },
    (released) => {
      const done = Object.entries(released) as [Releasable, Acted][];
      return done.length === 0
        ? "Nothing is owed now; nothing was sent."
        : done.map(([what, acted]) => `${what}: ${wordsOf(acted)}`).join("\n");
    },
  );
}

export function pause(
  options: Acting & { duration: string },
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  const call = (): SaleCall => ({
    functionName: "pause",
    args: [given("duration", parseDuration(options.duration))],
  });
  return acting(call, options, hre);
}

export function fail(options: Acting, hre: HardhatRuntimeEnvironment): Promise<unknown> {
  return acting(() => ({ functionName: "declareFailed" }), options, hre);
}

export function addSigner(
  options: Acting & { signer: string; maxCap: string; maxWindow: string },
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  return acting(
    async ({ chain, record }) => ({
      functionName: "addSigner",
      args: [
        given("signer", parseAddress(options.signer)),
        given("--max-cap", parseAmount(options.maxCap, await unitOf(chain, record.currency))),
        given("--max-window", parseDuration(options.maxWindow)),
      ],
    }),
    options,
    hre,
  );
}

export function strikeSigner(
  options: Acting & { signer: string },
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  const call = (): SaleCall => ({
    functionName: "strikeOffSigner",
    args: [given("signer", parseAddress(options.signer))],
  });
  return acting(call, options, hre);
}

export function invalidate(
  options: Acting & { wallet: string },
  hre: HardhatRuntimeEnvironment,
): Promise<unknown> {
  return acting(
    async ({ chain, record }) => {
      const wallet = given("wallet", parseAddress(options.wallet));
      const [, , nonce] = await chain.readContract({
        ...{ address: record.sale, abi: saleAbi, functionName: "positionOf", args: [wallet] },
      } as const);
      return { functionName: "invalidate", args: [wallet, nonce + 1n] };
    },
    options,
    hre,
  );
}

async function unitOf(chain: OpenLaunch["chain"], currency: Address) {
  if (currency === zeroAddress) return { symbol: "ETH", decimals: 18 };
  const token = { address: currency, abi: erc20Abi } as const;
  const [symbol, decimals] = await Promise.all([
    chain.readContract({ ...token, functionName: "symbol" }),
    chain.readContract({ ...token, functionName: "decimals" }),
  ]);
  return { symbol, decimals };
}

async function reconcileWith(options: Comparing, { record, pool }: OpenLaunch): Promise<Reconciliation> {
  if (options.indexer === "") throw launchError("usage", "--indexer <url> is missing");
  const finality =
    options.finalityDepth > 0
      ? ({ kind: "depth", depth: options.finalityDepth } as const)
      : defaultFinality(record.chainId);
  if (finality === undefined)
    throw launchError("usage", "--finality-depth is missing: a local chain has no finality");
  const exportKey =
    options.exportKeyFile === "" ? "" : (await readFile(resolve(options.exportKeyFile), "utf8")).trim();
  return compare({
    ...{ record, pool, finality, clock: systemClock },
    indexer: createIndexerClient({ url: options.indexer }),
    ...(options.signer === "" ? {} : { orders: createOrderExporter({ url: options.signer, exportKey }) }),
    acknowledged:
      options.acknowledged === "" ? [] : await readAcknowledgements(resolve(options.acknowledged)),
  });
}

function describeStatus({
  sale,
  token,
  phase,
  block,
  raised,
  softCap,
  hardCap,
  pausedUntil,
  owed,
  next,
}: LaunchStatus): string {
  const share = formatUnits((raised * 10_000n) / hardCap, 2);
  return [
    `Sale  ${sale}\nToken ${token}`,
    `${phase} at block ${block}: ${next}`,
    `Raised ${raised} base units, ${share} % of the hard cap; the soft cap is ${raised >= softCap ? "" : "not "}reached`,
    ...(pausedUntil === 0n ? [] : [`Paused once, until second ${pausedUntil}`]),
    ...(phase === "listed"
      ? [`Owed: fee ${owed.fee}, treasury ${owed.treasury}, unsold ${owed.unsold}`]
      : []),
  ].join("\n");
}

function describe({ buyer, position, happened, failure }: Explanation): string {
  const lines = happened.map(
    ({ block, what, amount = "", transaction }) => `  block ${block}: ${what} ${amount} (${transaction})`,
  );
  return [
    ...(buyer === undefined ? [] : [`Wallet ${buyer}`]),
    ...(failure === undefined
      ? []
      : [`It failed: ${failure.message} [${failure.code}]\n→ ${failure.wayOut}`]),
    ...(lines.length === 0 ? ["Nothing happened at this sale."] : lines),
    ...(position === undefined
      ? []
      : [
          `Now: paid ${position.paid}, nonce ${position.nonce}, claimable ${position.claimable}, returned after ejection and not fetched ${position.ejected}`,
        ]),
  ].join("\n");
}

function describeDifferences(result: Reconciliation): string {
  const { differences, block, omitted } = result;
  if (differences.length === 0) return `Nothing differs at block ${block.number}.`;
  return [
    `${differences.length + omitted} differences at block ${block.number}, ${blockingOf(result).length} of them blocking`,
    ...differences.map(({ severity, code, field, got, wanted, wayOut, transaction, acknowledged, ...at }) => {
      const place = `block ${at.block ?? block.number}${transaction === undefined ? "" : `, ${transaction}`}`;
      const seen = acknowledged === undefined ? "" : `; seen by ${acknowledged.by}: ${acknowledged.reason}`;
      return `  ${severity} ${field} (${place}): got ${got}, wanted ${wanted} → ${wayOut} [${code}]${seen}`;
    }),
  ].join("\n");
}
