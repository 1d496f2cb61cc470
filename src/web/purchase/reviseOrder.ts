import type { PurchaseChain } from "./runPurchase.ts";
import type { PurchaseReceipt, StoredOrder } from "./StoredOrder.ts";

/** What became of a stored order while the page was away. */
export type Revised =
  | { is: "bought"; receipt: PurchaseReceipt }
  /** Its nonce went to something else, or this is another chain than the one it was made for. */
  | { is: "void" }
  | { is: "open"; sent: boolean };

/** Asks the chain alone: neither signer nor wallet is needed to know what a reload interrupted. */
export async function reviseOrder(
  order: StoredOrder,
  chain: Pick<PurchaseChain, "facts" | "findPurchase">,
): Promise<Revised> {
  const { chainNonce, purchase } = await chain.facts(order);
  if (chainNonce === order.nonce) {
    // A receipt whose nonce was never consumed: a local chain was started anew.
    return order.receipt === undefined ? { is: "open", sent: purchase === "pending" } : { is: "void" };
  }
  const receipt = await chain.findPurchase(order);
  return receipt === undefined ? { is: "void" } : { is: "bought", receipt };
}
