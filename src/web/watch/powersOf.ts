import { isAddressEqual, zeroAddress, type Address } from "viem";
import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";

export type Power = "vouchers" | "signers" | "invalidate" | "eject" | "pause" | "declare-failed";
export type Role = "signer" | "owner" | "compliance" | "guardian";
/** `holder` is undefined where the terms name nobody. */
export type RolePowers = { role: Role; holder: Address | undefined; can: Power[] };

/** Where a sale without an owner leaves the ownership. */
const BURN_ADDRESS: Address = "0x000000000000000000000000000000000000dEaD";

/** Who holds which power over this sale, and what of it is left in its phase. */
export function powersOf({
  state: { phase, time, settledAt, pausedUntil },
  terms: { sale, listing, roles },
  owner,
}: {
  state: Pick<SaleState, "phase" | "time" | "settledAt" | "pausedUntil">;
  terms: Pick<Terms, "sale" | "listing" | "roles">;
  /** As on chain now: ownership can be handed over. */
  owner: Address;
}): RolePowers[] {
  const sells = phase === "unfunded" || phase === "pending" || phase === "open";
  const unsettled = sells || phase === "closed";
  const canFail = unsettled || (phase === "succeeded" && time < settledAt + listing.delay);
  const row = (role: Role, address: Address, powers: [Power, boolean][]): RolePowers => {
    const isSomebody = ![zeroAddress, BURN_ADDRESS].some((nobody) => isAddressEqual(nobody, address));
    const can = powers.filter(([, left]) => left).map(([power]) => power);
    return isSomebody ? { role, holder: address, can } : { role, holder: undefined, can: [] };
  };

  return [
    row("signer", roles.signer, [["vouchers", sells && sale.voucherRequired]]),
    row("owner", owner, [["signers", sells && sale.voucherRequired]]),
    row("compliance", roles.compliance, [
      ["invalidate", unsettled],
      ["eject", unsettled && sale.ejectable],
    ]),
    row("guardian", roles.guardian, [
      ["pause", (phase === "pending" || phase === "open") && pausedUntil === 0n],
      ["declare-failed", canFail],
    ]),
  ];
}
