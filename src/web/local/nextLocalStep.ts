import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";

/** One press of the button on a local chain: where time goes, and the call that anybody may make there. */
export type LocalStep = {
  is: "open" | "close" | "finalise" | "wait-and-list" | "list" | "vest";
  moveTo?: bigint;
  call?: "finalise" | "list";
};

const MONTH = 30n * 86_400n;

/** The next step of a sale's life; undefined where none is left. */
export function nextLocalStep(
  { phase, time, settledAt, listedAt }: Pick<SaleState, "phase" | "time" | "settledAt" | "listedAt">,
  { sale, listing, vesting }: Pick<Terms, "sale" | "listing" | "vesting">,
): LocalStep | undefined {
  switch (phase) {
    case "pending":
      return { is: "open", moveTo: sale.opensAt };
    case "open":
      return { is: "close", moveTo: sale.closesAt, call: "finalise" };
    case "closed":
      return { is: "finalise", call: "finalise" };
    case "succeeded": {
      const opens = settledAt + listing.delay;
      return time < opens
        ? { is: "wait-and-list", moveTo: opens, call: "list" }
        : { is: "list", call: "list" };
    }
    case "listed": {
      const ends = listedAt + vesting.buyers.durationSeconds;
      if (time >= ends) return undefined;
      return { is: "vest", moveTo: time + MONTH };
    }
    case "unfunded":
    case "failed":
      return undefined;
  }
}
