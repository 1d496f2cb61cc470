import type { Address } from "viem";

/** Who asks: the wallet that is signed in, or a partner that signed the request. `id` is the order id's principal. */
export type Principal =
  { kind: "buyer"; id: string; wallet: Address } | { kind: "partner"; id: string; keyId: string };

export function buyerPrincipal(wallet: Address): Principal {
  return { kind: "buyer", id: wallet.toLowerCase(), wallet };
}
