import type { Address } from "viem";

/** Who asks: the wallet that is signed in, or a partner that signed the request. `id` is the order id's principal. */
export type Principal =
  | { kind: "buyer"; id: string; wallet: Address; isApproved: boolean }
  | { kind: "partner"; id: string; keyId: string };

export function buyerPrincipal(buyer: { wallet: Address; isApproved: boolean }): Principal {
  return { kind: "buyer", id: buyer.wallet.toLowerCase(), ...buyer };
}
