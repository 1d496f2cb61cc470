import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Address } from "viem";
import { simulateContract, waitForTransactionReceipt, writeContract } from "viem/actions";
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
        const call = {
          ...{ address: config.sale, abi: saleAbi, functionName },
          args: functionName === "withdraw" ? [] : [buyer],
        } as const;
        await simulateContract(client, { ...call, account: buyer } as never);
        const hash = await writeContract(wallet, {
          ...call,
          account: wallet.account,
          chain: wallet.chain,
        } as never);
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
