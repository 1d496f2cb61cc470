import {
  parseEventLogs,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  zeroAddress,
  type Address,
  type Hex,
  type TransactionReceipt,
} from "viem";
import {
  getBlock,
  getCode,
  getContractEvents,
  getTransaction,
  getTransactionReceipt,
  readContract,
  simulateContract,
  waitForTransactionReceipt,
} from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { PageClient } from "../chain/createChain.ts";
import { erc20Abi } from "../chain/erc20Abi.ts";
import { findBackwards } from "../chain/findBackwards.ts";
import { readBalance } from "../chain/readPosition.ts";
import { pageError } from "../errors/pageErrors.ts";
import type { SignedPayments } from "./readSignedPayments.ts";
import type { TransactionState } from "./nextStep.ts";
import type { PurchaseChain } from "./runPurchase.ts";
import type { PurchaseReceipt } from "./StoredOrder.ts";

/** Reads what a purchase needs from the configured node. */
export function createPurchaseChain({
  client,
  sale,
  currency,
  startBlock,
  signedPayments,
}: {
  client: PageClient;
  sale: Address;
  currency: Address;
  startBlock: bigint;
  signedPayments: () => Promise<SignedPayments>;
}): PurchaseChain {
  const contract = { address: sale, abi: saleAbi } as const;

  async function stateOf(hash: Hex | undefined): Promise<TransactionState | undefined> {
    if (hash === undefined) return undefined;
    const receipt = await receiptOf(hash);
    if (receipt !== undefined) return receipt.status === "success" ? "succeeded" : "reverted";
    try {
      await getTransaction(client, { hash });
      return "pending";
    } catch (error) {
      if (error instanceof TransactionNotFoundError) return "missing";
      throw error;
    }
  }

  async function receiptOf(hash: Hex): Promise<TransactionReceipt | undefined> {
    try {
      return await getTransactionReceipt(client, { hash });
    } catch (error) {
      if (error instanceof TransactionReceiptNotFoundError) return undefined;
      throw error;
    }
  }

  async function allowanceOf(owner: Address): Promise<bigint> {
    if (currency === zeroAddress) return 0n;
    return readContract(client, {
      address: currency,
      abi: erc20Abi,
      functionName: "allowance",
      args: [owner, sale],
    });
  }

  /** Tried on the node, as no token says of itself whether it follows this rule. */
  async function refusesChange(owner: Address, allowance: bigint, amount: bigint): Promise<boolean> {
    if (allowance === 0n || allowance >= amount) return false;
    try {
      const approve = {
        address: currency,
        abi: erc20Abi,
        functionName: "approve",
        args: [sale, amount],
      } as const;
      await simulateContract(client, { ...approve, account: owner });
      return false;
    } catch {
      return true;
    }
  }

  return {
    facts: async (order) => {
      // Transactions before the nonce: one that is mined in between is then seen by its effect.
      const [purchase, approval] = await Promise.all([
        stateOf(order.purchaseHash),
        stateOf(order.approvalHash),
      ]);
      const [block, [, , chainNonce], balance, allowance, code, { takes }] = await Promise.all([
        getBlock(client),
        readContract(client, { ...contract, functionName: "positionOf", args: [order.buyer] }),
        readBalance(client, { currency, owner: order.buyer }),
        allowanceOf(order.buyer),
        getCode(client, { address: order.buyer }),
        signedPayments(),
      ]);
      return {
        ...{ nonce: order.nonce, chainNonce, purchase, approval, now: block.timestamp },
        ...{
          currency: currency === zeroAddress ? "ether" : "token",
          amount: order.amount,
          balance,
          allowance,
        },
        ...{ takes, ownerHasCode: code !== undefined },
        resetFirst: await refusesChange(order.buyer, allowance, order.amount),
      };
    },

    findPurchase: async (order) => {
      const sent = order.purchaseHash === undefined ? undefined : await receiptOf(order.purchaseHash);
      const inReceipt = parseEventLogs({ abi: saleAbi, eventName: "Purchased", logs: sent?.logs ?? [] });
      const mine = inReceipt.find((log) => sameHex(log.address, sale) && log.args.orderId === order.orderId);
      if (mine !== undefined) return receiptFrom(mine);

      const found = await findBackwards(client, startBlock, (range) =>
        getContractEvents(client, {
          ...{ ...contract, eventName: "Purchased", strict: true, ...range },
          args: { buyer: order.buyer, orderId: order.orderId },
        } as const),
      );
      return found === undefined ? undefined : receiptFrom(found);
    },

    preview: async (order, { voucher, signature }) => {
      const args = [order.buyer, order.amount, order.amount, voucher, signature] as const;
      await readContract(client, { ...contract, functionName: "previewPurchase", args });
    },

    awaitTransaction: async (hash) => {
      const replaced = { by: "nothing" };
      const receipt = await waitForTransactionReceipt(client, {
        hash,
        onReplaced: ({ reason }) => {
          replaced.by = reason;
        },
      });
      if (replaced.by === "cancelled" || replaced.by === "replaced") {
        throw pageError("wallet-rejected", { detail: "another transaction took its place" });
      }
      return receipt.transactionHash;
    },
  };
}

type PurchasedLog = {
  args: { orderId: Hex; nonce: bigint; amount: bigint; history: Hex };
  transactionHash: Hex;
  blockNumber: bigint;
};

function receiptFrom({ args, transactionHash, blockNumber }: PurchasedLog): PurchaseReceipt {
  const { orderId, nonce, amount, history } = args;
  return { orderId, transaction: transactionHash, block: blockNumber, nonce, amount, history };
}

function sameHex(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
