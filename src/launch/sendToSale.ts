import {
  BaseError,
  encodeFunctionData,
  type Abi,
  type Account,
  type Address,
  type Chain,
  type Client,
  type ContractFunctionName,
  type Hex,
  type TransactionReceipt,
  type Transport,
} from "viem";
import {
  estimateContractGas,
  simulateContract,
  waitForTransactionReceipt,
  writeContract,
} from "viem/actions";
import { saleAbi } from "../sdk/abi/Sale.ts";
import { contractErrorOf } from "../sdk/contractErrors.ts";
import { launchError } from "./launchErrors.ts";

/** Any viem client of the sale's chain. */
export type ChainClient = Client<Transport, Chain>;

export type ListingCall =
  | { functionName: "list"; args: [history: Hex] }
  | { functionName: "listWithSalt"; args: [history: Hex, salt: Hex] };

/** Without its literal types: any function by its name. */
const anySaleAbi: Abi = saleAbi;

type SaleFunction = ContractFunctionName<typeof saleAbi, "nonpayable">;
export type SaleCall = { functionName: SaleFunction; args?: readonly unknown[] };

/** What a multisig would have to send. */
export type Calldata = { to: Address; value: bigint; data: Hex };

/** Tries the call as `account` would make it, and sends nothing. Throws the contract's own error where it refuses. */
export async function tryOnSale({
  client,
  account,
  sale,
  call,
}: {
  client: ChainClient;
  account: Account | Address;
  sale: Address;
  call: SaleCall;
}): Promise<Calldata> {
  try {
    await simulateContract(client, { address: sale, abi: saleAbi, account, ...call } as never);
  } catch (cause) {
    throw contractErrorOf(cause) ?? launchError("transaction-not-sent", shortOf(cause), { cause });
  }
  const data = encodeFunctionData({ abi: anySaleAbi, ...call });
  return { to: sale, value: 0n, data };
}

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
  call: SaleCall;
}): Promise<TransactionReceipt> {
  const request = { address: sale, abi: saleAbi, account, ...call } as const;
  let hash: Hex;
  try {
    await simulateContract(client, request as never);
    const gas = await estimateContractGas(client, request as never);
    // Whoever gives a v2 pair two units before this is mined makes the listing dearer than it was when estimated.
    const withRoom = { ...request, gas: (gas * 3n) / 2n } as const;
    hash = await writeContract(client, withRoom as never);
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
