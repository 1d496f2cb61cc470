import type { Account, Address, Hex } from "viem";
import { readContract } from "viem/actions";
import { saleAbi } from "../sdk/abi/Sale.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { phaseOf } from "../sdk/phase.ts";
import { sendToSale, type ChainClient } from "./sendToSale.ts";

export type Finalised = {
  /** Undefined: it was finalised before. */
  transaction: Hex | undefined;
  /** Seconds. */
  settledAt: bigint;
  /** From here on anybody may list, and nobody can declare the sale failed. */
  listableFrom: bigint;
};

/** Fixes success and freezes the history; does nothing where that was done. Anybody may call it. */
export async function finalise({
  client,
  account,
  record,
}: {
  client: ChainClient;
  account: Account | Address;
  record: LaunchRecord;
}): Promise<Finalised> {
  const sale = { address: record.sale, abi: saleAbi } as const;
  const isSettled = async (): Promise<boolean> => {
    const phase = phaseOf(await readContract(client, { ...sale, functionName: "phase" }));
    return phase === "succeeded" || phase === "listed";
  };

  let transaction: Hex | undefined;
  if (!(await isSettled())) {
    try {
      const call = { functionName: "finalise" } as const;
      transaction = (await sendToSale({ client, account, sale: record.sale, call })).transactionHash;
    } catch (error) {
      // Somebody else may have been first.
      if (!(await isSettled())) throw error;
    }
  }
  const settledAt = await readContract(client, { ...sale, functionName: "settledAt" });
  return { transaction, settledAt, listableFrom: settledAt + record.terms.listing.delay };
}
