import { readFile } from "node:fs/promises";
import { zeroAddress, type Address, type PublicClient } from "viem";
import { z } from "zod";
import { LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { readSafe, type Safe } from "../safe/readSafe.ts";
import type { Ask } from "./checkServices.ts";
import type { Findings } from "./Finding.ts";

const pendingPage = z.object({
  next: z.string().nullish(),
  results: z.array(
    z.object({
      safeTxHash: z.string(),
      nonce: z.coerce.bigint(),
      isExecuted: z.boolean().optional(),
      confirmations: z.array(z.object({ owner: z.string() })).nullish(),
    }),
  ),
});
type Pending = z.infer<typeof pendingPage>["results"];
/** Of pending transactions; a Safe that has more is looked at by hand. */
const MOST_PAGES = 10;

/**
 * Who holds the roles: a multisig with more than one signature and no module, and nothing fully signed that a stranger could
 * execute. Owners, threshold, nonce and modules are read on chain; what is pending, in a Safe Transaction Service or a file.
 */
export async function checkSafes({
  chain,
  record,
  findings,
  ask,
  service,
}: {
  chain: PublicClient;
  record: LaunchRecord;
  findings: Findings;
  ask: Ask;
  /** Its URL, or the path of a file with its answers by Safe; empty: none. */
  service: string;
}): Promise<void> {
  const { roles, payout } = record.terms;
  const holders: [role: string, address: Address][] = [
    ["owner", roles.owner],
    ["compliance", roles.compliance],
    ["guardian", roles.guardian],
    ["treasury", payout.treasury],
  ];
  for (const [role, address] of holders) {
    if (address === zeroAddress) continue;
    const name = `safe.${role}`;
    const code = await chain.getCode({ address });
    if (code === undefined) {
      // A local chain has people, not Safes.
      if (record.chainId === LOCAL_CHAIN_ID) continue;
      const fix = "Roles are fixed by the terms: guard this key as such, or launch again with a multisig.";
      findings.must(name, false, `${address} is one key`, "a multisig", fix);
      continue;
    }
    const safe = await readSafe(chain, address);
    if (safe === undefined) {
      findings.unknown(name, `${address} is no Safe`, "See for yourself who controls this contract.");
      continue;
    }
    const { threshold, owners, modules, nonce } = safe;
    const got = `${threshold} of ${owners.length} (${owners.join(", ")}), nonce ${nonce}`;
    const raise = "Raise the Safe's threshold: one key alone moves it.";
    findings.must(name, threshold > 1n, got, "at least 2 signatures", raise);
    const remove = "Remove it from the Safe, or know who controls it: it moves the Safe without a signature.";
    findings.must(`${name}.modules`, modules.length === 0, modules.join(", ") || "none", "none", remove);
    await checkPending(`${name}.pending`, safe);
  }

  async function checkPending(name: string, safe: Safe): Promise<void> {
    const pending = await readPending(safe).catch(() => undefined);
    if (pending === undefined) {
      const fix = "Name a Safe Transaction Service, or a file with its answers, with --safe-service.";
      findings.unknown(name, "no list of pending transactions", fix);
      return;
    }
    const owners = new Set(safe.owners.map((owner) => owner.toLowerCase()));
    const signed = pending.filter(({ nonce, isExecuted, confirmations }) => {
      const by = new Set((confirmations ?? []).map(({ owner }) => owner.toLowerCase()));
      const counting = [...by].filter((owner) => owners.has(owner)).length;
      return isExecuted !== true && nonce >= safe.nonce && BigInt(counting) >= safe.threshold;
    });
    const got = signed.map(({ nonce, safeTxHash }) => `nonce ${nonce}: ${safeTxHash}`).join(", ");
    const fix = "Anybody may execute a fully signed transaction: execute or reject it before the sale opens.";
    findings.must(name, signed.length === 0, got || "none", "none fully signed", fix);
  }

  /** Throws where there is none, or it cannot be read to its end. */
  async function readPending({ address, nonce }: Safe): Promise<Pending> {
    if (service === "") throw new Error("none named");
    if (!/^https?:/.test(service)) {
      const answers = JSON.parse(await readFile(service, "utf8")) as Record<string, unknown>;
      const [, answer] =
        Object.entries(answers).find(([safe]) => safe.toLowerCase() === address.toLowerCase()) ?? [];
      return wholeOf(pendingPage.parse(answer));
    }
    const found: Pending = [];
    let url = `${service}/api/v1/safes/${address}/multisig-transactions/?executed=false&nonce__gte=${nonce}`;
    for (let page = 0; page < MOST_PAGES; page++) {
      const response = await ask(url);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const { results, next } = pendingPage.parse(await response.json());
      found.push(...results);
      if (next == null) return found;
      const { pathname, search } = new URL(next);
      url = new URL(`${pathname}${search}`, service).href; // at the origin that was named only
    }
    throw new Error("more than can be read");
  }
}

function wholeOf({ results, next }: z.infer<typeof pendingPage>): Pending {
  if (next != null) throw new Error("its first page only");
  return results;
}
