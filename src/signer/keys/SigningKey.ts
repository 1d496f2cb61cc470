import type { Address, Hex } from "viem";

/** What signs vouchers, in 64 bytes (EIP-2098) that recover to its address. */
export type SigningKey = {
  address: Address;
  /** What does the arithmetic; `native` and `javascript` once their self-test has passed. Throws `key-unusable`. */
  backend: () => Promise<"native" | "javascript" | "aws-kms">;
  /** Signs the same digest differently each time: `createKeptSignatures` makes that one signature. */
  varies?: true;
  sign: (digest: Uint8Array) => Promise<Hex>;
};

/** EIP-2098: the recovery id is the highest bit of s, which is free as s is low. */
export function compactSignature({ signature, recid }: { signature: Uint8Array; recid: number }): Hex {
  const bytes = Buffer.from(signature);
  bytes[32] = (bytes[32] ?? 0) | (recid << 7);
  return `0x${bytes.toString("hex")}`;
}
