import type { OrderWithVoucher } from "../../sdk/signerApi.ts";
import { voucherOf } from "../store/orders.ts";
import { fastVoucherDigest } from "./fastHashes.ts";
import type { VoucherOrder } from "./issue.ts";
import type { SignerContext } from "./SignerContext.ts";

/** The answer with the signed voucher. Made of the stored order alone, so the same order gives the same bytes anywhere. */
export async function orderBody(
  { record, key }: Pick<SignerContext, "record" | "key">,
  order: VoucherOrder,
): Promise<string> {
  const { chainId, sale } = record;
  const { buyer, orderId } = order;
  const voucher = voucherOf(order);
  const signature = await key.sign(fastVoucherDigest({ chainId, sale, buyer, voucher }));
  const body: OrderWithVoucher = {
    ...{ orderId, chainId, sale },
    voucher: {
      buyer,
      nonce: voucher.nonce.toString(),
      cumulativeCap: voucher.cumulativeCap.toString(),
      validFrom: voucher.validFrom.toString(),
      validUntil: voucher.validUntil.toString(),
      orderId,
    },
    ...{ signature, signer: key.address },
  };
  return JSON.stringify(body);
}
