import { zeroAddress } from "viem";
import type { Phase } from "../../sdk/phase.ts";
import type { Terms } from "../../sdk/terms.ts";
import { tokensOf } from "../purchase/tokensOf.ts";
import type { Funds, Listed } from "./readFunds.ts";

/** Where a part of the tokens is now. */
export type TokenPlace =
  | "unborn"
  | "not-escrowed"
  | "for-buyers"
  | "for-pool-or-unsold"
  | "claimed"
  | "pool"
  | "vesting"
  | "vesting-left"
  | "unsold-owed"
  | "unsold-gone"
  | "given-up"
  | "gone"
  | "beside";
export type TokenPart = { place: TokenPlace; amount: bigint };

/** Every unit of the launch's tokens, by where it is now; parts of nothing are left out. */
export function tokenPlacesOf({
  phase,
  raised,
  terms: { token, sale, vesting },
  funds: { token: address, tokens, unsold, vesting: inVesting, listed },
}: {
  phase: Phase;
  raised: bigint;
  terms: {
    token: Pick<Terms["token"], "maxSupply">;
    sale: Pick<Terms["sale"], "price">;
    vesting: Pick<Terms["vesting"], "allocationsTotal">;
  };
  funds: Pick<Funds, "token" | "tokens" | "unsold" | "vesting"> & {
    listed: Pick<Listed, "poolTokens" | "unsold"> | undefined;
  };
}): TokenPart[] {
  const sold = tokensOf(raised, sale.price);
  return parts().filter(({ amount }) => amount > 0n);

  function parts(): TokenPart[] {
    if (phase === "unfunded") return [{ place: "not-escrowed", amount: token.maxSupply }];
    if (address === zeroAddress) return [{ place: "unborn", amount: token.maxSupply }];
    if (phase === "failed") {
      return [
        { place: "given-up", amount: tokens },
        { place: "vesting", amount: inVesting },
        { place: "gone", amount: token.maxSupply - tokens - inVesting },
      ];
    }
    if (phase === "listed") {
      if (listed === undefined) return [];
      // What strangers sent to the sale is told apart as far as it goes beyond what buyers could have left there.
      const held = tokens - unsold;
      const forBuyers = held < sold ? held : sold;
      return [
        { place: "for-buyers", amount: forBuyers },
        { place: "claimed", amount: sold - forBuyers },
        { place: "pool", amount: listed.poolTokens },
        { place: "vesting", amount: inVesting },
        { place: "vesting-left", amount: vesting.allocationsTotal - inVesting },
        { place: "unsold-owed", amount: unsold },
        { place: "unsold-gone", amount: listed.unsold - unsold },
        { place: "beside", amount: held - forBuyers },
      ];
    }
    return [
      { place: "for-buyers", amount: sold },
      { place: "for-pool-or-unsold", amount: tokens - sold },
      { place: "vesting", amount: inVesting },
    ];
  }
}
