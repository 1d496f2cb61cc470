import type { Hex } from "viem";
import { permitOf, type Permit } from "../../sdk/permitOf.ts";
import { SlipwayError } from "../../sdk/problem.ts";
import type { OrderWithVoucher } from "../../sdk/signerApi.ts";
import { pageError } from "../errors/pageErrors.ts";
import type { PathFacts, RefusableWay } from "./choosePath.ts";
import type { OrderStore } from "./createOrderStore.ts";
import { nextStep, type PurchaseFacts, type PurchaseStep } from "./nextStep.ts";
import type { PurchaseReceipt, StoredOrder } from "./StoredOrder.ts";

/** An owner's signature for one payment to the sale, which nobody but the sale can use. */
export type PaymentSignature = { kind: "authorization" | "permit"; v: number; r: Hex; s: Hex };

/** What the purchase reads. */
export type PurchaseChain = {
  facts: (
    order: StoredOrder,
  ) => Promise<
    Omit<PurchaseFacts, "bought" | "voucherUntil" | "batching" | "refused" | "batchSent" | "signed">
  >;
  /** The order's purchase, where it is on chain. */
  findPurchase: (order: StoredOrder) => Promise<PurchaseReceipt | undefined>;
  /** Throws the contract's error where the purchase would fail; payment is not looked at. */
  preview: (order: StoredOrder, permit: Permit) => Promise<void>;
  /** Until it is mined; answers the hash it was mined under, another one where the wallet sped it up. */
  awaitTransaction: (hash: Hex) => Promise<Hex>;
};

/** What the buyer is asked to confirm. */
export type PurchaseWallet = {
  batching: () => Promise<PathFacts["batching"]>;
  approve: (amount: bigint) => Promise<Hex>;
  sign: (order: StoredOrder, permit: Permit) => Promise<PaymentSignature>;
  /** Throws `payment-refused`, before anything is sent, where the token does not take the signature. */
  purchase: (order: StoredOrder, permit: Permit, payment: PaymentSignature | undefined) => Promise<Hex>;
  /** Approval and purchase in one confirmation; answers the wallet's name for it. */
  batch: (order: StoredOrder, permit: Permit, options: { resetFirst: boolean }) => Promise<string>;
  /** Until the batch has come to an end; the hash of its last transaction where it succeeded. */
  awaitBatch: (id: string) => Promise<{ is: "succeeded"; hash: Hex } | { is: "failed" | "unknown" }>;
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
  let payment: PaymentSignature | undefined;
  let batching: PathFacts["batching"] | undefined;
  const keep = (change: Partial<StoredOrder>): void => {
    order = { ...order, ...change };
    store.write(order);
  };
  /** A way that did not work is not taken again for this order. */
  const refuse = (way: RefusableWay): void => {
    keep({ refused: [...new Set([...(order.refused ?? []), way])] });
  };
  keep({});

  for (let steps = 0; steps < MOST_STEPS; steps++) {
    // First the facts, then the purchase: one that is mined in between is found, not taken for a foreign nonce.
    const facts = await chain.facts(order);
    const receipt = facts.chainNonce === order.nonce ? undefined : await chain.findPurchase(order);
    batching ??= await wallet.batching();
    const step = nextStep({
      ...facts,
      ...{ bought: receipt !== undefined, voucherUntil: permit?.voucher.validUntil, batching },
      ...{
        refused: order.refused ?? [],
        batchSent: order.batchId !== undefined,
        signed: payment !== undefined,
      },
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
        // What was signed for the payment ends with the voucher it was signed for.
        payment = undefined;
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
      case "sign":
        await chain.preview(order, permit!);
        payment = await wallet.sign(order, permit!).catch((error: unknown) => {
          refuse("signature");
          throw error;
        });
        break;
      case "batch": {
        await chain.preview(order, permit!);
        const batchId = await wallet.batch(order, permit!, facts).catch((error: unknown) => {
          refuse("batch");
          throw error;
        });
        keep({ batchId });
        break;
      }
      case "await-batch": {
        const end = await wallet.awaitBatch(order.batchId!);
        const { batchId: _batch, ...rest } = order;
        order = rest;
        if (end.is === "succeeded") {
          keep({ purchaseHash: await chain.awaitTransaction(end.hash) });
          break;
        }
        refuse("batch");
        if (end.is === "failed") throw pageError("transaction-reverted");
        break;
      }
      case "purchase":
        await chain.preview(order, permit!);
        try {
          keep({ purchaseHash: await wallet.purchase(order, permit!, payment) });
        } catch (error) {
          if (!(error instanceof SlipwayError) || error.code !== "payment-refused") throw error;
          payment = undefined;
          refuse("signature");
        }
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
