import {
  BaseError,
  type Account,
  type Address,
  type Chain,
  type Client,
  type Hex,
  type TransactionReceipt,
  type Transport,
} from "viem";
import { simulateContract, waitForTransactionReceipt, writeContract } from "viem/actions";
import { saleAbi } from "../sdk/abi/Sale.ts";
import { contractErrorOf } from "../sdk/contractErrors.ts";
import { launchError } from "./launchErrors.ts";

/** Any viem client of the sale's chain. */
export type ChainClient = Client<Transport, Chain>;

export type ListingCall =
  | { functionName: "list"; args: [history: Hex] }
  | { functionName: "listWithSalt"; args: [history: Hex, salt: Hex] };

/**
 * Tries the call, sends it, waits until it is mined. Throws the contract's own error, in words, where the sale refuses it,
 * `transaction-not-sent`, `transaction-unseen`, or `transaction-reverted` as when somebody else was first.
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
  call: { functionName: "finalise" } | ListingCall;
}): Promise<TransactionReceipt> {
  const request = { address: sale, abi: saleAbi, account, ...call } as const;
  let hash: Hex;
  try {
    await simulateContract(client, request as never);
    hash = await writeContract(client, request as never);
  } catch (cause) {
    throw contractErrorOf(cause) ?? launchError("transaction-not-sent", shortOf(cause), { cause });
  }

  const receipt = await waitForTransactionReceipt(client, { hash }).catch((cause: unknown) => {
    throw launchError("transaction-unseen", hash, { cause });
  });
  if (receipt.status === "success") return receipt;
  throw launchError("transaction-reverted", hash);
}

/** What viem says of it in short: the long text names the node's URL, and with it perhaps a key. */
function shortOf(error: unknown): string {
  return error instanceof BaseError ? error.shortMessage : "";
}
