import { zeroAddress, type Abi, type Address, type Hex, type PublicClient } from "viem";
import { contractArtifact } from "../../../deploy/artifacts.ts";
import { LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import { codeMatches } from "../../../deploy/codeMatches.ts";
import { deploymentOf } from "../../../deploy/deploymentOf.ts";
import type { Clock } from "../../chain/clock.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { policyHash } from "../../sdk/policy.ts";
import { termsHash } from "../../sdk/terms.ts";
import { addressesBeneath } from "../addressesBeneath.ts";
import { canonicalOn } from "../canonicalOn.ts";
import { requireCanonical } from "../requireCanonical.ts";
import type { Findings } from "./Finding.ts";

/** Without its literal types: any function by its name. */
const anySaleAbi: Abi = saleAbi;

const MOST_SKEW_SECONDS = 30;

/** Chain ↔ record ↔ launch file. Answers chain time, or undefined where the node does not answer. */
export async function checkChain({
  chain,
  record,
  launch,
  clock,
  findings,
}: {
  chain: PublicClient;
  record: LaunchRecord;
  launch: Launch | undefined;
  clock: Clock;
  findings: Findings;
}): Promise<{ time: bigint; head: bigint } | undefined> {
  const { same, must, unknown } = findings;
  const { sale, token, terms } = record;
  same(
    "record.terms",
    termsHash(record.terms),
    record.termsHash,
    "Use the record as the deployment wrote it.",
  );
  same(
    "record.policy",
    policyHash(record.policy),
    record.policyHash,
    "Use the record as the deployment wrote it.",
  );
  if (launch === undefined) {
    unknown("file.terms", "no launch file named", "Name it with --launch.");
  } else {
    const fix = "The launch file was edited after the deployment: put it back, or deploy what it says now.";
    same("file.terms", deploymentOf(launch).termsHash, record.termsHash, fix);
    same(
      "file.policy",
      policyHash(launch.policy),
      record.policyHash,
      "Put the policy back, or serve a new version.",
    );
  }

  try {
    const chainId = await chain.getChainId();
    const { timestamp: time, number: head } = await chain.getBlock();
    same("chain.id", chainId, record.chainId, "Name the network of the record with --network.");
    if (chainId !== record.chainId) return undefined;

    const code = (await chain.getCode({ address: sale })) ?? "0x";
    const isSale = codeMatches(contractArtifact("Sale.sol/Sale"), code);
    must(
      "chain.sale",
      isSale,
      isSale ? sale : "other code",
      `Slipway's Sale at ${sale}`,
      "Use the right record and node.",
    );
    if (!isSale) return undefined;
    const read = <T>(functionName: string, args: readonly unknown[] = []): Promise<T> =>
      chain.readContract({ ...{ address: sale, abi: anySaleAbi, functionName, args } }) as Promise<T>;
    same(
      "chain.terms",
      await read<Hex>("termsHash"),
      record.termsHash,
      "Use the record of this sale's deployment.",
    );
    // The record of a token that is born in the listing, on v3, has none.
    if (token !== zeroAddress) {
      same("chain.token", await read<Address>("token"), token, "Use the record of this sale's deployment.");
    }
    must(
      "chain.modules",
      isCanonical(record),
      terms.listing.venue,
      "Slipway's own modules",
      "Do not open this sale.",
    );
    const pausedUntil = await read<bigint>("pausedUntil");
    must(
      "chain.pause",
      pausedUntil <= time,
      pausedUntil <= time ? "none" : `paused until second ${String(pausedUntil)}`,
      "none",
      "Announce the second at which purchases go on: a pause ends by itself.",
    );
    if (isCanonical(record)) {
      for (const [name, address] of addressesBeneath(record)) {
        const isThere = (await chain.getCode({ address })) !== undefined;
        const fix = "Check the address: in deploy/chains.ts, or in the launch file.";
        const finding = name === "sale.currency" ? "chain.currency" : `chain.${name}`;
        must(finding, isThere, isThere ? "there" : `no code at ${address}`, "there", fix);
      }
    }
    if (chainId !== LOCAL_CHAIN_ID) {
      const skew = Math.abs(Number(time) - clock.now() / 1000);
      const fix = "Set this machine's clock, or use a node that keeps up.";
      must("chain.clock", skew <= MOST_SKEW_SECONDS, `${skew.toFixed(0)} s`, `≤ ${MOST_SKEW_SECONDS} s`, fix);
      const final = await chain.getBlock({ blockTag: "finalized" }).catch(() => undefined);
      if (final === undefined)
        unknown("chain.finality", "no finalised block", "Use a node that serves `finalized`.");
    }
    return { time, head };
  } catch (error) {
    const why = error instanceof Error ? error.name : "no answer";
    must("chain.answers", false, why, "an answer", "Check the node's URL, or use another one.");
    return undefined;
  }
}

function isCanonical({ terms, chainId }: LaunchRecord): boolean {
  try {
    requireCanonical(terms, canonicalOn(chainId));
    return true;
  } catch {
    return false;
  }
}
