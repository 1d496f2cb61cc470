import { zeroAddress, type Address } from "viem";
import { simulateContract, writeContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { PageClient } from "../chain/createChain.ts";
import { erc20Abi } from "../chain/erc20Abi.ts";
import type { Wallet } from "../wallet/walletOf.ts";
import type { PurchaseWallet } from "./runPurchase.ts";

/** Sends through the buyer's wallet what was simulated on the configured node before. */
export function createPurchaseWallet({
  client,
  wallet,
  sale,
  currency,
}: {
  client: PageClient;
  wallet: Wallet;
  sale: Address;
  currency: Address;
}): PurchaseWallet {
  const { account, chain } = wallet;
  return {
    approve: async (amount) => {
      const approval = {
        address: currency,
        abi: erc20Abi,
        functionName: "approve",
        args: [sale, amount],
      } as const;
      await simulateContract(client, { ...approval, account: account.address });
      return writeContract(wallet, { ...approval, account, chain });
    },
    purchase: async ({ amount }, { voucher, signature }) => {
      const purchase = {
        address: sale,
        abi: saleAbi,
        functionName: "purchase",
        // Exactly the amount or nothing: what was shown is what is bought.
        args: [amount, amount, voucher, signature],
        value: currency === zeroAddress ? amount : 0n,
      } as const;
      await simulateContract(client, { ...purchase, account: account.address });
      return writeContract(wallet, { ...purchase, account, chain });
    },
  };
}
