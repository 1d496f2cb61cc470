import type { Position } from "../chain/readPosition.ts";
import type { SaleState } from "../chain/readSale.ts";
import type { SaleTerms } from "../../sdk/terms.ts";
import type { ExitCall } from "../hooks/useTransaction.ts";
import { withdrawableUntil } from "./withdrawableUntil.ts";

export type Exit = {
  call: ExitCall;
  /** First second in which it no longer works. */
  until?: bigint;
};

/** What a buyer can take out now. */
export function exitsOf({
  state: { phase, time },
  position: { paid, paidAt, ejected, claimable },
  sale,
}: {
  state: Pick<SaleState, "phase" | "time">;
  position: Pick<Position, "paid" | "paidAt" | "ejected" | "claimable">;
  sale: Pick<SaleTerms, "coolingOff" | "closesAt">;
}): Exit[] {
  const exits: Exit[] = [];
  const until = withdrawableUntil(paidAt, sale);
  if (phase === "open" && paid > 0n && time < until) exits.push({ call: "withdraw", until });
  if (phase === "failed" && paid > 0n) exits.push({ call: "refund" });
  if (phase === "listed" && claimable > 0n) exits.push({ call: "claim" });
  if (ejected > 0n) exits.push({ call: "releaseEjected" });
  return exits;
}
