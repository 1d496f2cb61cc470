import {
  concat,
  encodeFunctionData,
  encodePacked,
  hashTypedData,
  parseAbi,
  size,
  zeroAddress,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { launchError } from "../launchErrors.ts";
import { isDone } from "../plan/isDone.ts";
import type { PlannedTransaction } from "../plan/Plan.ts";
import type { ApprovedPlan } from "../apply/parsePlan.ts";
import { multiSendOf, readSafe } from "./readSafe.ts";

/** What the Safe's owners sign: the steps in order, all of them or none. */
export type SafeBatch = {
  kind: "safe";
  steps: readonly PlannedTransaction[];
  /** One step is called as it is; several go through MultiSendCallOnly, by delegate call (1). */
  to: Address;
  value: bigint;
  data: Hex;
  operation: 0 | 1;
  nonce: bigint;
  safeTxHash: Hex;
};
/** Signed by somebody else already: anybody may broadcast it, no Safe can. */
export type Broadcast = { kind: "broadcast"; words: string; raw: Hex };

const multiSendAbi = parseAbi(["function multiSend(bytes transactions) payable"]);
/** A transaction may take 2^24 gas (EIP-7825); the rest is for the Safe's own checks. */
const MOST_GAS = 15_000_000n;
/** Nodes pass on transactions of up to 128 KiB; the rest is for signatures. */
const MOST_BYTES = 120_000;

/**
 * What is left of a plan as transactions of a Safe, each with the hash that its owners sign, at nonces from the Safe's own on.
 * Sends nothing. Throws `wrong-chain`, `wrong-sender`, `safe-unusable`, `code-differs`.
 */
export async function safeBatches({
  plan,
  safe: address,
  chain,
}: {
  plan: ApprovedPlan;
  safe: Address;
  chain: PublicClient;
}): Promise<(SafeBatch | Broadcast)[]> {
  const { chainId, sender } = plan;
  const got = await chain.getChainId();
  if (got !== chainId) throw launchError("wrong-chain", `the plan is for ${chainId}, this is ${got}`);
  if (sender.toLowerCase() !== address.toLowerCase()) {
    throw launchError("wrong-sender", `the plan is for ${sender}, the Safe is ${address}`);
  }
  const safe = await readSafe(chain, address);
  if (safe === undefined) throw launchError("safe-unusable", `${address} does not answer as one`);

  const left: PlannedTransaction[] = [];
  for (const step of plan.transactions) if (!(await isDone(chain, step.postcondition))) left.push(step);
  const batches: (SafeBatch | Broadcast)[] = [];
  let nonce = safe.nonce;
  for (const steps of split(left)) {
    const [first] = steps;
    if (first?.signed !== undefined) {
      batches.push({ kind: "broadcast", words: first.words, raw: first.signed });
      continue;
    }
    const call = steps.length === 1 ? direct(steps) : multiSend(steps, await multiSendOf(chain, safe));
    const safeTxHash = safeTransactionHash({ ...call, chainId, safe: address, nonce });
    batches.push({ kind: "safe", steps, ...call, nonce, safeTxHash });
    nonce++;
  }
  return batches;
}

/** In order, each within the limits; what somebody else has signed stands alone. */
function split(left: readonly PlannedTransaction[]): PlannedTransaction[][] {
  const parts: PlannedTransaction[][] = [];
  let [gas, bytes, open] = [0n, 0, false];
  for (const step of left) {
    const stepBytes = size(packed(step));
    if (step.gas > MOST_GAS || stepBytes > MOST_BYTES) {
      throw launchError("safe-unusable", `${step.words}: ${step.gas} gas, ${stepBytes} bytes`);
    }
    const alone = step.signed !== undefined;
    if (!open || alone || gas + step.gas > MOST_GAS || bytes + stepBytes > MOST_BYTES) {
      parts.push([]);
      [gas, bytes] = [0n, 0];
    }
    parts.at(-1)?.push(step);
    [gas, bytes, open] = [gas + step.gas, bytes + stepBytes, !alone];
  }
  return parts;
}

type Call = Pick<SafeBatch, "to" | "value" | "data" | "operation">;

function direct(steps: readonly PlannedTransaction[]): Call {
  const { to, value, data } = steps[0] as PlannedTransaction;
  return { to: to ?? zeroAddress, value, data, operation: 0 };
}

function multiSend(steps: readonly PlannedTransaction[], to: Address): Call {
  const args = [concat(steps.map(packed))] as const;
  const data = encodeFunctionData({ abi: multiSendAbi, functionName: "multiSend", args });
  return { to, value: 0n, data, operation: 1 };
}

function packed({ to, value, data }: PlannedTransaction): Hex {
  return encodePacked(
    ["uint8", "address", "uint256", "uint256", "bytes"],
    [0, to ?? zeroAddress, value, BigInt(size(data)), data],
  );
}

/** As the Safe's own `getTransactionHash`, without a refund of gas. */
export function safeTransactionHash({
  chainId,
  safe,
  nonce,
  to,
  value,
  data,
  operation,
}: Call & { chainId: number; safe: Address; nonce: bigint }): Hex {
  const refund = { safeTxGas: 0n, baseGas: 0n, gasPrice: 0n, gasToken: zeroAddress };
  return hashTypedData({
    domain: { chainId, verifyingContract: safe },
    types: {
      SafeTx: [
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "data", type: "bytes" },
        { name: "operation", type: "uint8" },
        { name: "safeTxGas", type: "uint256" },
        { name: "baseGas", type: "uint256" },
        { name: "gasPrice", type: "uint256" },
        { name: "gasToken", type: "address" },
        { name: "refundReceiver", type: "address" },
        { name: "nonce", type: "uint256" },
      ],
    },
    primaryType: "SafeTx",
    message: { to, value, data, operation, ...refund, refundReceiver: zeroAddress, nonce },
  });
}
