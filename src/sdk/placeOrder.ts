import { bytesToHex, type Hex } from "viem";
import { SignerProblem, type OrderAnswer, type SignerSession } from "./signerClient.ts";

/** A new idempotency key: 128 random bits. Keep it until the order is bought: it is what makes a retry the same order. */
export function newOrderKey(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(16))).slice(2);
}

/**
 * A voucher for the order of this key, however often it is asked for: after a crash with the key that was kept, after the first
 * voucher has run out with a new one for the same order. With a client that retries, a lost answer is asked for again.
 */
export async function placeOrder(
  session: SignerSession,
  { key, ...order }: { key: string; nonce: bigint; cumulativeCap: bigint; supersedes?: Hex },
): Promise<OrderAnswer> {
  try {
    return await session.createOrder(key, order);
  } catch (error) {
    const expired = error instanceof SignerProblem && error.code === "voucher-expired";
    if (!expired || error.details.order === undefined) throw error;
    return session.renew(error.details.order);
  }
}
