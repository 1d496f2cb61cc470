import { zeroAddress, type Address } from "viem";
import type { Launch } from "../../sdk/launchFile/Launch.ts";

export type Power = { role: string; holder: Address | "nobody"; may: string };

/** Who may do what once the sale is there; nobody may do more. */
export function powersOf({ roles, sale, listing, vesting }: Launch): Power[] {
  const hours = Number(listing.delay) / 3_600;
  const row = (role: string, holder: Address, may: string): Power => ({
    role,
    holder: holder === zeroAddress ? "nobody" : holder,
    may,
  });
  return [
    row("owner", roles.owner, "admit and strike off signers of vouchers; hand this on in two steps"),
    row("signer", roles.signer, "let wallets buy, within its bounds"),
    row(
      "compliance",
      roles.compliance,
      sale.ejectable
        ? "void a wallet's vouchers, and return a buyer's money to that buyer, until finalisation"
        : "void a wallet's vouchers until finalisation",
    ),
    row(
      "guardian",
      roles.guardian,
      `pause purchases once for at most 72 h; declare the sale failed until ${String(hours)} h after finalise`,
    ),
    ...vesting.allocations
      .filter(({ revoker }) => revoker !== zeroAddress)
      .map(({ label, revoker }) =>
        row(`revoker of ${label}`, revoker, "end what has not vested; the treasury gets it"),
      ),
  ];
}
