import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Address } from "viem";
import { useConfig } from "wagmi";
import type { SlipwayError } from "../../sdk/problem.ts";
import { explainCall } from "../errors/explainCall.ts";
import { createOrderStore } from "../purchase/createOrderStore.ts";
import { createPurchaseChain } from "../purchase/createPurchaseChain.ts";
import { createPurchaseWallet } from "../purchase/createPurchaseWallet.ts";
import type { PurchaseStep } from "../purchase/nextStep.ts";
import { oneTab } from "../purchase/oneTab.ts";
import { readSignedPayments } from "../purchase/readSignedPayments.ts";
import { reviseOrder } from "../purchase/reviseOrder.ts";
import { runPurchase, type PurchaseSigner } from "../purchase/runPurchase.ts";
import type { PurchaseReceipt, StoredOrder } from "../purchase/StoredOrder.ts";
import { walletOf } from "../wallet/walletOf.ts";
import { useLaunch } from "./LaunchContext.tsx";
import { CHAIN } from "./useSale.ts";

export type PurchaseProgress =
  | { at: "checking" }
  | { at: "none" }
  /** Kept from before a reload, or stopped by the buyer. */
  | { at: "waiting"; order: StoredOrder; error?: SlipwayError }
  | { at: "running"; order: StoredOrder; step: PurchaseStep | undefined }
  | { at: "done"; receipt: PurchaseReceipt }
  | { at: "failed"; error: SlipwayError };

/** The purchase of one wallet: started, gone on with, given up; what a reload interrupted is found again. */
export function usePurchase({
  buyer,
  currency,
  signer,
}: {
  buyer: Address;
  currency: Address;
  signer: PurchaseSigner;
}) {
  const { config, client } = useLaunch();
  const wagmi = useConfig();
  const queries = useQueryClient();
  const { chainId, sale, startBlock } = config;
  const [progress, setProgress] = useState<PurchaseProgress>({ at: "checking" });
  const store = useMemo(
    () => createOrderStore({ storage: window.localStorage, chainId, sale }),
    [chainId, sale],
  );
  const signedPayments = useMemo(() => {
    let read: ReturnType<typeof readSignedPayments> | undefined;
    return () => (read ??= readSignedPayments(client, currency));
  }, [client, currency]);
  const chain = useMemo(
    () => createPurchaseChain({ client, sale, currency, startBlock, signedPayments }),
    [client, sale, currency, startBlock, signedPayments],
  );

  const run = useCallback(
    async (order: StoredOrder): Promise<void> => {
      setProgress({ at: "running", order, step: undefined });
      try {
        const receipt = await oneTab(order.orderId, async () => {
          const wallet = await walletOf(wagmi, { buyer, chainId });
          return runPurchase({
            ...{ order, store, signer, chain },
            wallet: createPurchaseWallet({ client, wallet, sale, currency, signedPayments }),
            report: (step) => {
              setProgress({ at: "running", order: store.read(buyer) ?? order, step });
            },
          });
        });
        setProgress({ at: "done", receipt });
      } catch (cause) {
        const error = await explainCall(cause);
        const kept = store.read(buyer);
        setProgress(kept === undefined ? { at: "failed", error } : { at: "waiting", order: kept, error });
      }
      await queries.invalidateQueries({ queryKey: [CHAIN] });
      await queries.invalidateQueries({ queryKey: ["eligibility"] });
    },
    [buyer, chain, chainId, client, currency, queries, sale, signedPayments, signer, store, wagmi],
  );

  useEffect(() => {
    let gone = false;
    async function revise(): Promise<PurchaseProgress> {
      const order = store.read(buyer);
      if (order === undefined) return { at: "none" };
      const revised = await reviseOrder(order, chain);
      if (revised.is === "bought") return { at: "done", receipt: revised.receipt };
      if (revised.is === "open") return { at: "waiting", order };
      store.remove(buyer);
      return { at: "none" };
    }
    async function reviseOrSay(): Promise<PurchaseProgress> {
      try {
        return await revise();
      } catch (cause) {
        const error = await explainCall(cause);
        const order = store.read(buyer);
        return order === undefined ? { at: "failed", error } : { at: "waiting", order, error };
      }
    }
    setProgress({ at: "checking" });
    void reviseOrSay().then((found) => {
      if (!gone) setProgress(found);
    });
    return () => {
      gone = true;
    };
  }, [buyer, chain, store]);

  return {
    progress,
    /** Begins a new order, or goes on with a stored one. */
    run,
    /** Forgets the order here. Its voucher cannot be used by anybody else, and a new order replaces it. */
    forget: () => {
      store.remove(buyer);
      setProgress({ at: "none" });
    },
  };
}
