import type { Account, Address, Hex } from "viem";
import { sendToSale, tryOnSale, type Calldata, type ChainClient, type SaleCall } from "../sendToSale.ts";

/** A call that was tried, and sent unless it was a dry run. A multisig sends `call` itself. */
export type Acted = { call: Calldata; transaction?: Hex };

/** Tries a call on the sale and sends it. Throws the contract's own error, `transaction-not-sent`, `-unseen`, `-reverted`. */
export async function act({
  dryRun,
  ...options
}: {
  client: ChainClient;
  account: Account | Address;
  sale: Address;
  call: SaleCall;
  dryRun: boolean;
}): Promise<Acted> {
  const call = await tryOnSale(options);
  if (dryRun) return { call };
  return { call, transaction: (await sendToSale(options)).transactionHash };
}
