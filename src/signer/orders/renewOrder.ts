import type { Hex } from "viem";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Principal } from "../auth/Principal.ts";
import { findById, insertVoucher } from "../store/orders.ts";
import { readExposure } from "./exposure.ts";
import { admit, Changed, checkCap, checkWindows, issueLocked, windowOf, type Issued } from "./issue.ts";
import { checkUsable, headNonce, maySee } from "./placeOrder.ts";
import type { SignerContext } from "./SignerContext.ts";

/** A voucher that has more than this part of its life left is given again, so that asking twice gives the same. */
const FRESH_PART = 4n;

/** A new voucher for the same order and nonce, after all checks anew. */
export async function renewOrder(
  context: SignerContext,
  principal: Principal,
  orderId: Hex,
): Promise<Issued> {
  const { pool, record } = context;
  const found = await findById(pool, record, orderId);
  if (found === undefined || !maySee(principal, found)) throw signerError("order-unknown");
  const { buyer } = found;

  return issueLocked(context, buyer, {
    before: async (outlook) => {
      // Read each time: after `Changed` it is another.
      const seen = (await findById(pool, record, orderId)) ?? found;
      const expectedNonce = headNonce(outlook, buyer);
      await checkUsable(context, seen, outlook);
      if (seen.nonce < expectedNonce) {
        throw signerError("nonce-used", "the order is bought", {
          order: orderId,
          link: `/v1/orders/${orderId}`,
          expectedNonce,
        });
      }
      if (seen.nonce > expectedNonce) throw signerError("nonce-ahead", "", { expectedNonce, retryAfter: 2 });
      return undefined;
    },
    work: async (client, outlook) => {
      const order = await findById(client, record, orderId);
      if (order === undefined) throw signerError("order-unknown");
      const { person, tier } = admit(context, outlook.person, buyer, outlook.now);
      // As it is on the locked row: a second device or a revocation may have closed it since.
      if (order.supersededBy !== undefined || order.revoked) throw new Changed();
      checkWindows(context, tier, outlook.snapshot);

      const { number, validFrom, validUntil } = order.voucher;
      const left = validUntil - outlook.snapshot.time;
      if (left * FRESH_PART > validUntil - validFrom) return { order, replayed: true };

      const { snapshot } = outlook;
      const exposure = await readExposure(client, { record, wallets: person.wallets, snapshot });
      checkCap(context, { cap: order.cumulativeCap, buyer, tier, exposure, outlook });
      const window = windowOf(context, tier, outlook);
      if (window.validUntil <= validUntil) return { order, replayed: true };
      const voucher = { number: number + 1, ...window };
      await insertVoucher(client, orderId, voucher);
      return { order: { ...order, voucher }, replayed: false };
    },
  });
}
