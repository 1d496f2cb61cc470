import type { Phase } from "../../sdk/phase.ts";
import type { Funds, Listed } from "./readFunds.ts";

/** Where a part of the money is now. */
export type Place =
  | "positions"
  | "beside"
  | "waiting"
  | "taken-back"
  | "pool"
  | "fee-owed"
  | "fee-paid"
  | "treasury-owed"
  | "treasury-paid";
export type Part = { place: Place; amount: bigint };

/** Every unit of currency that was raised, by where it is now; parts of nothing are left out. */
export function fundsOf({
  phase,
  raised,
  funds: { balance, feeOwed, treasury, treasuryPaid, listed },
}: {
  phase: Phase;
  raised: bigint;
  funds: Pick<Funds, "balance" | "feeOwed" | "treasury" | "treasuryPaid"> & {
    listed: Pick<Listed, "pool" | "fee"> | undefined;
  };
}): Part[] {
  return parts().filter(({ amount }) => amount > 0n);

  function parts(): Part[] {
    if (phase === "failed") {
      return [
        { place: "waiting", amount: balance },
        { place: "taken-back", amount: raised - balance },
      ];
    }
    if (phase === "listed") {
      if (listed === undefined) return [];
      const owed = feeOwed + treasury - treasuryPaid;
      return [
        { place: "pool", amount: listed.pool },
        { place: "treasury-paid", amount: treasuryPaid },
        { place: "treasury-owed", amount: treasury - treasuryPaid },
        { place: "fee-paid", amount: listed.fee - feeOwed },
        { place: "fee-owed", amount: feeOwed },
        { place: "beside", amount: balance - owed },
      ];
    }
    return [
      { place: "positions", amount: raised },
      { place: "beside", amount: balance - raised },
    ];
  }
}
