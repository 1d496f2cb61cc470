import { isAddressEqual, zeroAddress, type Address } from "viem";
import type { Allocation } from "../../sdk/launchFile/Launch.ts";
import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";
import type { SignerBounds } from "./readSigners.ts";

export type Power = "vouchers" | "signers" | "invalidate" | "eject" | "pause" | "declare-failed" | "revoke";
export type Role = "signer" | "owner" | "compliance" | "guardian" | "revoker";
/** `holder` is undefined where the terms name nobody. */
export type RolePowers = {
  role: Role;
  holder: Address | undefined;
  can: Power[];
  /** Of a signer: the largest position that it can let a wallet have; whether the owner has struck it off. */
  maxCap?: bigint;
  isStruckOff?: boolean;
  /** Of a revoker: whose allocation. */
  group?: string;
};

/** Where a sale without an owner leaves the ownership. */
const BURN_ADDRESS: Address = "0x000000000000000000000000000000000000dEaD";

/** Who holds which power over this sale, and what of it is left in its phase. */
export function powersOf({
  state: { phase, time, settledAt, listedAt, pausedUntil },
  terms: { sale, listing, roles },
  owner,
  signers,
  allocations,
}: {
  state: Pick<SaleState, "phase" | "time" | "settledAt" | "listedAt" | "pausedUntil">;
  terms: Pick<Terms, "sale" | "listing" | "roles">;
  /** As on chain now: ownership can be handed over. */
  owner: Address;
  signers: readonly SignerBounds[];
  allocations: readonly Pick<Allocation, "label" | "revoker" | "schedule">[];
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
    ...signers.map(({ address, maxCap, isStruckOff }) => ({
      ...row("signer", address, [["vouchers", sells && sale.voucherRequired && !isStruckOff]]),
      ...{ maxCap, isStruckOff },
    })),
    row("owner", owner, [["signers", sells && sale.voucherRequired]]),
    row("compliance", roles.compliance, [
      ["invalidate", unsettled],
      ["eject", unsettled && sale.ejectable],
    ]),
    row("guardian", roles.guardian, [
      ["pause", (phase === "pending" || phase === "open") && pausedUntil === 0n],
      ["declare-failed", canFail],
    ]),
    ...allocations
      .filter(({ revoker }) => revoker !== zeroAddress)
      .map(({ label, revoker, schedule }) => {
        const isVested = listedAt !== 0n && time >= listedAt + schedule.durationSeconds;
        return { ...row("revoker", revoker, [["revoke", phase !== "failed" && !isVested]]), group: label };
      }),
  ];
}
