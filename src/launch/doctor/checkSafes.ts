import { parseAbi, zeroAddress, type Address, type PublicClient } from "viem";
import { LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { Ask } from "./checkServices.ts";
import type { Findings } from "./Finding.ts";

const safeAbi = parseAbi(["function getThreshold() view returns (uint256)"]);

type Pending = { results: { safeTxHash: string; nonce: number | string; confirmations?: unknown[] }[] };

/**
 * Who holds the roles: a multisig with more than one signature, and nothing fully signed that a stranger could execute. The
 * pending ones are those of a Safe Transaction Service.
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
  /** Its URL; empty: none. */
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
    const code = await chain.getCode({ address });
    if (code === undefined) {
      // A local chain has people, not Safes.
      if (record.chainId === LOCAL_CHAIN_ID) continue;
      const fix = "Roles are fixed by the terms: guard this key as such, or launch again with a multisig.";
      findings.must(`safe.${role}`, false, `${address} is one key`, "a multisig", fix);
      continue;
    }
    const threshold = await chain
      .readContract({ address, abi: safeAbi, functionName: "getThreshold" })
      .catch(() => undefined);
    if (threshold === undefined) {
      findings.unknown(
        `safe.${role}`,
        `${address} is no Safe`,
        "See for yourself who controls this contract.",
      );
      continue;
    }
    const fix = "Raise the Safe's threshold: one key alone moves it.";
    findings.must(`safe.${role}`, threshold > 1n, `threshold ${threshold}`, "at least 2", fix);
    await checkPending(role, address, threshold);
  }

  async function checkPending(role: string, address: Address, threshold: bigint): Promise<void> {
    const name = `safe.${role}.pending`;
    const url = `${service}/api/v1/safes/${address}/multisig-transactions/?executed=false`;
    const response = service === "" ? undefined : await ask(url).catch(() => undefined);
    const pending = response?.ok === true ? ((await response.json()) as Pending) : undefined;
    if (pending === undefined) {
      findings.unknown(
        name,
        "no list of pending transactions",
        "Name a Safe Transaction Service with --safe-service.",
      );
      return;
    }
    const signed = pending.results.filter(
      ({ confirmations = [] }) => BigInt(confirmations.length) >= threshold,
    );
    const got = signed.map(({ nonce, safeTxHash }) => `nonce ${nonce}: ${safeTxHash}`).join(", ");
    const fix = "Anybody may execute a fully signed transaction: execute or reject it before the sale opens.";
    findings.must(name, signed.length === 0, got || "none", "none fully signed", fix);
  }
}
