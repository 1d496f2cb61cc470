import type { Position } from "../chain/readPosition.ts";
import type { SaleState } from "../chain/readSale.ts";
import type { Terms } from "../../sdk/terms.ts";
import { withdrawableUntil } from "./withdrawableUntil.ts";

/** Where a buyer's money is and what comes next; times in seconds. */
export type Standing =
  | { is: "nothing" }
  | { is: "withdrawable"; until: bigint }
  | { is: "held" }
  | { is: "awaits-finalising"; deadline: bigint }
  | { is: "awaits-listing"; opens: bigint; deadline: bigint }
  | { is: "refundable" }
  | { is: "spent"; claimedAll: boolean; vestedAt: bigint };

export function standingOf({
  state: { phase, time, settledAt, listedAt },
  position: { paid, paidAt, claimed },
  terms: { sale, listing, vesting },
}: {
  state: Pick<SaleState, "phase" | "time" | "settledAt" | "listedAt">;
  position: Pick<Position, "paid" | "paidAt" | "claimed">;
  terms: Pick<Terms, "sale" | "listing" | "vesting">;
}): Standing {
  if (paid === 0n) return { is: "nothing" };
  const { deadline } = listing;
  switch (phase) {
    case "unfunded":
    case "pending":
      return { is: "held" };
    case "open": {
      const until = withdrawableUntil(paidAt, sale);
      return time < until ? { is: "withdrawable", until } : { is: "held" };
    }
    case "closed":
      return { is: "awaits-finalising", deadline };
    case "succeeded":
      return { is: "awaits-listing", opens: settledAt + listing.delay, deadline };
    case "failed":
      return { is: "refundable" };
    case "listed":
      return {
        is: "spent",
        claimedAll: claimed === paid,
        vestedAt: listedAt + vesting.buyers.durationSeconds,
      };
  }
}
