import { isAddressEqual, type Account, type Address, type Chain, type Client, type Transport } from "viem";
import type { Config } from "wagmi";
import { getConnectorClient } from "wagmi/actions";
import { pageError } from "../errors/pageErrors.ts";

export type Wallet = Client<Transport, Chain, Account>;

/** The connected wallet as a client that signs and sends for `buyer`; throws where it has changed meanwhile. */
export async function walletOf(
  wagmi: Config,
  { buyer, chainId }: { buyer: Address; chainId: number },
): Promise<Wallet> {
  const wallet = (await getConnectorClient(wagmi, { account: buyer, chainId })) as Wallet;
  if (!isAddressEqual(wallet.account.address, buyer)) {
    throw pageError("wallet-changed", { detail: wallet.account.address });
  }
  return wallet;
}
