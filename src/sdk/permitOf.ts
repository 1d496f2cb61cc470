import type { Hex } from "viem";
import type { OrderWithVoucher } from "./signerApi.ts";
import type { Voucher } from "./voucher.ts";

/** What `Sale.purchase` takes of an order. */
export type Permit = { voucher: Voucher; signature: Hex };

export function permitOf({ voucher, signature }: OrderWithVoucher): Permit {
  const { nonce, cumulativeCap, validFrom, validUntil, orderId } = voucher;
  return {
    voucher: {
      ...{ nonce: BigInt(nonce), cumulativeCap: BigInt(cumulativeCap), orderId },
      ...{ validFrom: BigInt(validFrom), validUntil: BigInt(validUntil) },
    },
    signature,
  };
}
