import type { Account, Address, Chain, Client, Hex, TransactionReceipt, Transport } from "viem";
import { simulateContract, waitForTransactionReceipt, writeContract } from "viem/actions";
import { saleAbi } from "../sdk/abi/Sale.ts";
import { contractErrorOf } from "../sdk/contractErrors.ts";
import { launchError } from "./launchErrors.ts";

/** Any viem client of the sale's chain. */
export type ChainClient = Client<Transport, Chain>;

type Call = { functionName: "finalise" } | { functionName: "list"; args: [history: Hex] };

/**
 * Tries the call, sends it, waits until it is mined. Throws the contract's own error, in words, where the sale refuses it;
 * `transaction-reverted` where it was mined and failed, as when somebody else was first.
 */
export async function sendToSale({
  client,
  account,
  sale,
  call,
}: {
  client: ChainClient;
  account: Account | Address;
  sale: Address;
  call: Call;
}): Promise<TransactionReceipt> {
  const request = { address: sale, abi: saleAbi, account, ...call } as const;
  let hash: Hex;
  try {
    await simulateContract(client, request as never);
    hash = await writeContract(client, request as never);
  } catch (error) {
    throw contractErrorOf(error) ?? error;
  }
  const receipt = await waitForTransactionReceipt(client, { hash });
  if (receipt.status === "success") return receipt;
  throw launchError("transaction-reverted", hash);
}
