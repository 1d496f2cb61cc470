import { useMutation, useQueryClient } from "@tanstack/react-query";
import { encodeFunctionData, type Address, type Hex } from "viem";
import { call, sendTransaction, waitForTransactionReceipt } from "viem/actions";
import { useConfig } from "wagmi";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { explainCall } from "../errors/explainCall.ts";
import { pageError } from "../errors/pageErrors.ts";
import { walletOf } from "../wallet/walletOf.ts";
import { useLaunch } from "./LaunchContext.tsx";
import { CHAIN } from "./useSale.ts";

/** The calls by which a buyer leaves or collects; all but `withdraw` name who is paid. */
export type ExitCall = "withdraw" | "refund" | "claim" | "releaseEjected";

/** Sends one exit from the connected wallet, after trying it on the node; resolves when it is mined. */
export function useTransaction(buyer: Address) {
  const { config, client } = useLaunch();
  const wagmi = useConfig();
  const queries = useQueryClient();

  return useMutation({
    mutationFn: async (functionName: ExitCall) => {
      try {
        const wallet = await walletOf(wagmi, { buyer, chainId: config.chainId });
        const transaction = { to: config.sale, data: dataOf(functionName, buyer) };
        await call(client, { ...transaction, account: buyer });
        const hash = await sendTransaction(wallet, {
          ...transaction,
          account: wallet.account,
          chain: wallet.chain,
        });
        const { status } = await waitForTransactionReceipt(client, { hash });
        if (status !== "success") throw pageError("transaction-reverted");
        return hash;
      } catch (error) {
        throw await explainCall(error);
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [CHAIN] }),
  });
}

function dataOf(functionName: ExitCall, buyer: Address): Hex {
  return functionName === "withdraw"
    ? encodeFunctionData({ abi: saleAbi, functionName })
    : encodeFunctionData({ abi: saleAbi, functionName, args: [buyer] });
}
