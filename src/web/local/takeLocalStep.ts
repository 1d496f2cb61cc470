import { encodeFunctionData, numberToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { call, sendTransaction, waitForTransactionReceipt } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { PageClient } from "../chain/createChain.ts";
import { readSale } from "../chain/readSale.ts";
import type { PageConfig } from "../config/pageConfig.ts";
import type { LocalStep } from "./nextLocalStep.ts";

/** Moves the local chain's time and sends the step's call from the first persona, as anybody may. */
export async function takeLocalStep(
  step: LocalStep,
  { config, client }: { config: PageConfig; client: PageClient },
): Promise<void> {
  const request = client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>;
  if (step.moveTo !== undefined) {
    await request({ method: "evm_setNextBlockTimestamp", params: [numberToHex(step.moveTo)] });
    await request({ method: "evm_mine", params: [] });
  }

  // After the move a sale below its soft cap has failed: there is nothing to finalise then.
  const state = await readSale(client, config.sale);
  if (step.call === "finalise" && state.phase !== "closed") return;
  const [persona] = config.personas;
  if (step.call === undefined || persona === undefined) return;

  const account = privateKeyToAccount(persona.privateKey);
  const data =
    step.call === "list"
      ? encodeFunctionData({ abi: saleAbi, functionName: step.call, args: [state.history] })
      : encodeFunctionData({ abi: saleAbi, functionName: step.call });
  const transaction = { to: config.sale, data, account };
  await call(client, transaction);
  const hash = await sendTransaction(client, { ...transaction, chain: client.chain });
  await waitForTransactionReceipt(client, { hash });
}
