import type { Hex } from "viem";
import { SlipwayError } from "../../sdk/problem.ts";
import type { OrderWithVoucher } from "../../sdk/signerApi.ts";
import type { Voucher } from "../../sdk/voucher.ts";
import { pageError } from "../errors/pageErrors.ts";
import type { OrderStore } from "./createOrderStore.ts";
import { nextStep, type PurchaseFacts, type PurchaseStep } from "./nextStep.ts";
import type { PurchaseReceipt, StoredOrder } from "./StoredOrder.ts";

export type Permit = { voucher: Voucher; signature: Hex };

/** What the purchase reads. */
export type PurchaseChain = {
  facts: (order: StoredOrder) => Promise<Omit<PurchaseFacts, "bought" | "voucherUntil">>;
  /** The order's purchase, where it is on chain. */
  findPurchase: (order: StoredOrder) => Promise<PurchaseReceipt | undefined>;
  /** Throws the contract's error where the purchase would fail; payment is not looked at. */
  preview: (order: StoredOrder, permit: Permit) => Promise<void>;
  /** Until it is mined; answers the hash it was mined under, another one where the wallet sped it up. */
  awaitTransaction: (hash: Hex) => Promise<Hex>;
};

/** What the buyer is asked to confirm. */
export type PurchaseWallet = {
  approve: (amount: bigint) => Promise<Hex>;
  purchase: (order: StoredOrder, permit: Permit) => Promise<Hex>;
};

/** The signer, as far as a purchase needs it. */
export type PurchaseSigner = {
  /** The same order gives the same voucher, however often it is asked for. */
  order: (order: StoredOrder) => Promise<OrderWithVoucher>;
  renew: (orderId: Hex) => Promise<OrderWithVoucher>;
};

const MOST_STEPS = 20;

/**
 * Brings a stored order to its end, from wherever it stands: reads the facts, takes one step, reads again. Throws a
 * `SlipwayError` where a person must act; calling it again goes on. It never buys twice: the sale consumes the nonce.
 */
export async function runPurchase({
  order: given,
  store,
  signer,
  chain,
  wallet,
  report,
}: {
  order: StoredOrder;
  store: OrderStore;
  signer: PurchaseSigner;
  chain: PurchaseChain;
  wallet: PurchaseWallet;
  report: (step: PurchaseStep) => void;
}): Promise<PurchaseReceipt> {
  let order = given;
  let permit: Permit | undefined;
  const keep = (change: Partial<StoredOrder>): void => {
    order = { ...order, ...change };
    store.write(order);
  };
  keep({});

  for (let steps = 0; steps < MOST_STEPS; steps++) {
    // First the facts, then the purchase: one that is mined in between is found, not taken for a foreign nonce.
    const facts = await chain.facts(order);
    const receipt = facts.chainNonce === order.nonce ? undefined : await chain.findPurchase(order);
    const step = nextStep({
      ...facts,
      bought: receipt !== undefined,
      voucherUntil: permit?.voucher.validUntil,
    });
    report(step);

    switch (step) {
      case "finish":
        keep({ receipt: receipt! });
        return receipt!;
      case "give-up":
        store.remove(order.buyer);
        throw pageError("order-void", {
          detail: `order nonce ${order.nonce}, wallet's nonce ${facts.chainNonce}`,
        });
      case "report-revert":
        store.write(withoutTransactions(order));
        throw pageError("transaction-reverted");
      case "top-up":
        throw pageError("balance-short");
      case "await-purchase":
        keep({ purchaseHash: await chain.awaitTransaction(order.purchaseHash!) });
        break;
      case "await-approval":
        keep({ approvalHash: await chain.awaitTransaction(order.approvalHash!) });
        break;
      case "order":
        permit = permitOf(await orderOrRenew(signer, order));
        break;
      case "renew":
        permit = permitOf(await signer.renew(order.orderId));
        break;
      case "reset-allowance":
        await chain.preview(order, permit!);
        keep({ approvalHash: await wallet.approve(0n) });
        break;
      case "approve":
        await chain.preview(order, permit!);
        keep({ approvalHash: await wallet.approve(order.amount) });
        break;
      case "purchase":
        await chain.preview(order, permit!);
        keep({ purchaseHash: await wallet.purchase(order, permit!) });
        break;
    }
  }
  throw pageError("purchase-stuck");
}

/** After a pause the stored voucher may have run out: the order lives on, with a new voucher. */
async function orderOrRenew(signer: PurchaseSigner, order: StoredOrder): Promise<OrderWithVoucher> {
  try {
    return await signer.order(order);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "voucher-expired") return signer.renew(order.orderId);
    throw error;
  }
}

/** What failed is forgotten: going on looks for the reason first, then asks again. */
function withoutTransactions({
  approvalHash: _approval,
  purchaseHash: _purchase,
  ...order
}: StoredOrder): StoredOrder {
  return order;
}

export function permitOf({ voucher, signature }: OrderWithVoucher): Permit {
  return {
    voucher: {
      nonce: BigInt(voucher.nonce),
      cumulativeCap: BigInt(voucher.cumulativeCap),
      validFrom: BigInt(voucher.validFrom),
      validUntil: BigInt(voucher.validUntil),
      orderId: voucher.orderId,
    },
    signature,
  };
}
