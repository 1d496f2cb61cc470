import { formatUnits, zeroAddress } from "viem";
import type { SupplyJson } from "../sdk/indexerApi.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";

/** What the copy knows of a sale's tokens, base units. */
export type TokenSums = {
  raised: bigint;
  claimed: bigint;
  /** Grant in vesting that is still there. */
  vesting: bigint;
  /** Unsold tokens that were burned, or went to the treasury. */
  burned: bigint;
  released: bigint;
  /** In `Listed`; undefined before. */
  unsold: bigint | undefined;
  /** False where the venue bears the token in the listing, until then. */
  born: boolean;
};

/**
 * Supply of a token that the launch created: what exists, and what has left sale and vesting. What holders burn by
 * themselves is not known here. Throws `supply-unknown` for a token that was there before.
 */
export function supplyOf({ terms }: LaunchRecord, sums: TokenSums): SupplyJson {
  const { maxSupply, decimals, existing } = terms.token;
  if (existing !== zeroAddress) throw indexerError("supply-unknown", existing);

  const total = sums.born ? maxSupply - sums.burned : 0n;
  const { currencyUnits, tokenUnits } = terms.sale.price;
  const unclaimed = (sums.raised / currencyUnits) * tokenUnits - sums.claimed;
  const inSale =
    sums.unsold === undefined
      ? total - sums.vesting - sums.released
      : sums.unsold - sums.burned - sums.released + unclaimed;
  return {
    decimals,
    total: String(total),
    circulating: String(total - inSale - sums.vesting),
    inSale: String(inSale),
    inVesting: String(sums.vesting),
    burned: String(sums.burned),
  };
}

/** As listing sites read it: whole tokens. */
export function inTokens(units: string, decimals: number): string {
  return formatUnits(BigInt(units), decimals);
}
