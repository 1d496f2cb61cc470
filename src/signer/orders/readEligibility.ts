import type { Address } from "viem";
import type { Eligibility } from "../../sdk/signerApi.ts";
import { SignerError, signerError, signerErrors } from "../../sdk/signerErrors.ts";
import type { Principal } from "../auth/Principal.ts";
import { findOpen } from "../store/orders.ts";
import { leftTo, readExposure } from "./exposure.ts";
import { checkWindows, readAdmitted, readOutlook } from "./issue.ts";
import { headNonce, maySee } from "./placeOrder.ts";
import type { SignerContext } from "./SignerContext.ts";

/** Through the checks that an order goes through: may this wallet buy now, how much; if not, why and what to do. */
export async function readEligibility(
  context: SignerContext,
  principal: Principal,
  wallet: Address,
): Promise<Eligibility> {
  const { pool, record } = context;
  let nonce: bigint | undefined;

  try {
    const { now, person, tier } = await readAdmitted(context, wallet);
    const outlook = await readOutlook(context, { now, person }, wallet);
    const { snapshot, standing } = outlook;
    nonce = headNonce(outlook, wallet);
    checkWindows(context, tier, snapshot);
    const exposure = await readExposure(pool, { record, wallets: person.wallets, snapshot });
    const most = [
      leftTo(wallet, exposure, tier.personCap),
      standing.maxCap,
      record.terms.sale.hardCap,
    ].reduce((a, b) => (b < a ? b : a));
    if (most <= (snapshot.head.get(wallet)?.paid ?? 0n))
      throw signerError("person-cap-exceeded", "the cap is used up");
    const open = await findOpen(pool, record, wallet, nonce);
    return {
      ...{ wallet, eligible: true, tier: tier.id },
      ...{ cumulativeCapMost: most.toString(), nonce: nonce.toString() },
      ...(open !== undefined && maySee(principal, open) ? { openOrder: open.orderId } : {}),
    };
  } catch (error) {
    if (!(error instanceof SignerError) || signerErrors[error.code].status >= 500) throw error;
    const { code, message, wayOut } = error;
    return {
      wallet,
      eligible: false,
      code,
      detail: message,
      wayOut,
      cumulativeCapMost: "0",
      ...(nonce === undefined ? {} : { nonce: nonce.toString() }),
    };
  }
}
