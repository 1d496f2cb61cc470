import { keccak256, numberToHex, type Address, type Hex, type PublicClient } from "viem";
import { codeMatches } from "../../../deploy/codeMatches.ts";
import type { Step } from "../../../deploy/launchSteps.ts";
import { contractErrorOf } from "../../sdk/contractErrors.ts";
import { launchError } from "../launchErrors.ts";
import { isDone } from "./isDone.ts";
import type { PlannedTransaction, Postcondition } from "./Plan.ts";

/** More than any deployment costs: whether the sender can pay is told, and does not stop a simulation. */
const PLENTY = 10n ** 24n;

/**
 * Does every step that is not done on a chain of its own, in process or a fork, and says what each took and what then
 * holds. Throws `step-fails`, `code-differs`.
 */
export async function simulate({
  chain,
  steps,
  sender,
}: {
  /** It is changed: nobody else may use it. */
  chain: PublicClient;
  steps: readonly Step[];
  sender: Address;
}): Promise<PlannedTransaction[]> {
  const rpc = (method: string, params: unknown[]): Promise<unknown> =>
    chain.request({ method, params } as never);
  await rpc("hardhat_impersonateAccount", [sender]);
  await rpc("hardhat_setBalance", [sender, numberToHex(PLENTY)]);
  const gasPrice = await chain.getGasPrice();

  const planned: PlannedTransaction[] = [];
  for (const { outcome, artifact, ...step } of steps) {
    const done = await holdsAlready(step.words, outcome, artifact);
    let gas = 0n;
    if (!done) gas = await send(step);
    const postcondition = await postconditionOf(step.words, outcome);
    // Whoever signed a step pays for it.
    const cost = step.signed === undefined ? gas * gasPrice : 0n;
    planned.push({ ...step, postcondition, done, gas, cost });
  }
  return planned;

  async function holdsAlready(
    words: string,
    outcome: Step["outcome"],
    artifact: Step["artifact"],
  ): Promise<boolean> {
    if (outcome.kind !== "contract") return isDone(chain, outcome);
    const code = await chain.getCode({ address: outcome.address });
    if (code === undefined) return false;
    if (artifact === undefined || codeMatches(artifact, code)) return true;
    throw launchError("code-differs", `${outcome.address} holds other code (${words})`);
  }

  async function send({
    words,
    to,
    value,
    data,
    signed,
  }: Omit<Step, "outcome" | "artifact">): Promise<bigint> {
    try {
      const call = { from: sender, to, value: numberToHex(value), data };
      const hash = (await (signed === undefined
        ? rpc("eth_sendTransaction", [call])
        : rpc("eth_sendRawTransaction", [signed]))) as Hex;
      const { status, gasUsed } = await chain.waitForTransactionReceipt({ hash });
      if (status === "success") return gasUsed;
    } catch (cause) {
      throw contractErrorOf(cause) ?? launchError("step-fails", words, { cause });
    }
    throw launchError("step-fails", words);
  }

  async function postconditionOf(words: string, outcome: Step["outcome"]): Promise<Postcondition> {
    if (outcome.kind === "contract") {
      const code = await chain.getCode({ address: outcome.address });
      if (code !== undefined) return { ...outcome, codeHash: keccak256(code) };
    } else if (await isDone(chain, outcome)) {
      return outcome;
    }
    throw launchError("step-fails", `${words}: nothing is there afterwards`);
  }
}
