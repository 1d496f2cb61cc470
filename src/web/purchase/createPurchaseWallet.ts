import { encodeFunctionData, parseSignature, zeroAddress, type Address, type Hex } from "viem";
import {
  call,
  getCallsStatus,
  getCapabilities,
  readContract,
  sendCalls,
  sendTransaction,
  signTypedData,
  simulateContract,
  waitForCallsStatus,
  writeContract,
} from "viem/actions";
import type { Permit } from "../../sdk/permitOf.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { PageClient } from "../chain/createChain.ts";
import { erc20Abi } from "../chain/erc20Abi.ts";
import { explainError } from "../errors/explainError.ts";
import { pageError } from "../errors/pageErrors.ts";
import type { Wallet } from "../wallet/walletOf.ts";
import { paymentAbi, paymentTypes } from "./paymentAbi.ts";
import type { SignedPayments } from "./readSignedPayments.ts";
import type { PaymentSignature, PurchaseWallet } from "./runPurchase.ts";
import type { StoredOrder } from "./StoredOrder.ts";

/** How wallets say that they know no such batch: EIP-5792's own code, method or parameters unknown. */
const FORGOTTEN = new Set([5730, 4200, -32_601, -32_602]);

/** Sends through the buyer's wallet what was tried on the configured node before. */
export function createPurchaseWallet({
  client,
  wallet,
  sale,
  currency,
  signedPayments,
}: {
  client: PageClient;
  wallet: Wallet;
  sale: Address;
  currency: Address;
  signedPayments: () => Promise<SignedPayments>;
}): PurchaseWallet {
  const { account, chain } = wallet;
  const approval = (amount: bigint) =>
    ({ address: currency, abi: erc20Abi, functionName: "approve", args: [sale, amount] }) as const;

  return {
    batching: async () => {
      if (currency === zeroAddress) return "none";
      // A wallet that knows nothing of batches answers with an error of its own choice.
      const capabilities = await getCapabilities(wallet, { account, chainId: chain.id }).catch(
        () => undefined,
      );
      const status = capabilities?.atomic?.status;
      return status === "supported" || status === "ready" ? status : "none";
    },

    approve: async (amount) => {
      await simulateContract(client, { ...approval(amount), account: account.address });
      return writeContract(wallet, { ...approval(amount), account, chain });
    },

    sign: async (order, { voucher }) => {
      const payments = await signedPayments();
      if (payments.takes === "nothing") throw pageError("payment-refused");
      const { domain, takes: kind } = payments;
      const { buyer, amount: value, orderId } = order;
      const signature =
        kind === "authorization"
          ? await signTypedData(wallet, {
              ...{ account, domain, types: paymentTypes, primaryType: "ReceiveWithAuthorization" },
              message: {
                ...{ from: buyer, to: sale, value, validAfter: 0n, validBefore: voucher.validUntil },
                nonce: orderId,
              },
            })
          : await signTypedData(wallet, {
              ...{ account, domain, types: paymentTypes, primaryType: "Permit" },
              message: {
                ...{ owner: buyer, spender: sale, value, deadline: voucher.validUntil },
                nonce: await readContract(client, {
                  ...{ address: currency, abi: paymentAbi, functionName: "nonces", args: [buyer] },
                } as const),
              },
            });
      return { kind, ...partsOf(signature) };
    },

    purchase: async (order, permit, payment) => {
      const data = purchaseData(order, permit, payment);
      const transaction = { to: sale, data, value: currency === zeroAddress ? order.amount : 0n };
      try {
        await call(client, { ...transaction, account: account.address });
      } catch (error) {
        if (payment === undefined || explainError(error).code === "rpc-unreachable") throw error;
        throw pageError("payment-refused", { cause: error });
      }
      return sendTransaction(wallet, { ...transaction, account, chain });
    },

    batch: async (order, permit, { resetFirst }) => {
      const approve = (amount: bigint) => ({ to: currency, data: encodeFunctionData(approval(amount)) });
      const { id } = await sendCalls(wallet, {
        ...{ account, chain, forceAtomic: true },
        calls: [
          ...(resetFirst ? [approve(0n)] : []),
          approve(order.amount),
          { to: sale, data: purchaseData(order, permit, undefined) },
        ],
      });
      return id;
    },

    awaitBatch: async (id) => {
      try {
        await getCallsStatus(wallet, { id });
      } catch (error) {
        if (FORGOTTEN.has((error as { code?: number }).code ?? 0)) return { is: "unknown" };
        throw error;
      }
      const { status, receipts } = await waitForCallsStatus(wallet, {
        ...{ id, timeout: 0, pollingInterval: client.pollingInterval },
      });
      const hash = receipts?.at(-1)?.transactionHash;
      return status === "success" && hash !== undefined ? { is: "succeeded", hash } : { is: "failed" };
    },
  };
}

/** Exactly the amount or nothing: what was shown is what is bought. */
function purchaseData(
  { amount }: StoredOrder,
  { voucher, signature }: Permit,
  payment: PaymentSignature | undefined,
): Hex {
  const purchase = [amount, amount, voucher, signature] as const;
  if (payment === undefined) {
    return encodeFunctionData({ abi: saleAbi, functionName: "purchase", args: purchase });
  }
  const { kind, v, r, s } = payment;
  return kind === "authorization"
    ? encodeFunctionData({
        ...{ abi: saleAbi, functionName: "purchaseWithAuthorization", args: [...purchase, v, r, s] },
      } as const)
    : encodeFunctionData({
        ...{
          abi: saleAbi,
          functionName: "purchaseWithPermit",
          args: [...purchase, voucher.validUntil, v, r, s],
        },
      } as const);
}

/** Throws `payment-refused` for what is no signature of a plain key: the sale passes on v, r and s. */
function partsOf(signature: Hex): { v: number; r: Hex; s: Hex } {
  try {
    const { r, s, yParity } = parseSignature(signature);
    return { v: 27 + yParity, r, s };
  } catch (cause) {
    throw pageError("payment-refused", { cause });
  }
}
