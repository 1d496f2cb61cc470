import type { Address } from "viem";
import type { EntryJson, PositionJson, SaleStats } from "../sdk/indexerApi.ts";
import type { Price, Schedule } from "../sdk/terms.ts";
import { vested } from "../sdk/vested.ts";
import { difference, type Difference } from "./Difference.ts";
import type { PositionView } from "./readSale.ts";

/** What the entries of one buyer give; `net` is what was paid and neither withdrawn nor ejected. */
export type Given = { purchases: number; net: bigint };

export function addGiven(given: Map<Address, Given>, { buyer, kind, amount }: EntryJson): void {
  const { purchases, net } = given.get(buyer) ?? { purchases: 0, net: 0n };
  given.set(
    buyer,
    kind === "purchase"
      ? { purchases: purchases + 1, net: net + BigInt(amount) }
      : { purchases, net: net - BigInt(amount) },
  );
}

/** The indexer when a row was read: before it, and after it. */
export type Moment = readonly [SaleStats, SaleStats];

/**
 * The indexer's row of a buyer, each column of it, against the sale at a block and the buyer's entries up to there; what has
 * vested against the time of the indexer's head when the row was read.
 */
export function comparePosition(
  position: PositionJson,
  {
    view,
    given,
    price,
    schedule,
    moment,
    block,
  }: {
    view: PositionView;
    given: Given | undefined;
    price: Price;
    schedule: Schedule;
    moment: Moment;
    block: number;
  },
): Difference[] {
  const tell = (field: string, got: string, wanted: bigint | string): Difference =>
    difference("position-differs", `${position.buyer}, ${field}`, got, wanted, { block });
  if (given === undefined) return [tell("row", "a position", "an entry of this buyer")];

  const [least, most] = moment.map((stats) => vestedAt(stats, BigInt(position.paid), price, schedule));
  const told = BigInt(position.vestedTokens);
  const pairs: [field: string, got: string, wanted: bigint][] = [
    ["paid", position.paid, view.paid],
    ["nonce", position.nonce, view.nonce],
    ["ejected", position.ejected, view.ejected],
    ["claimed tokens", position.claimedTokens, tokensOf(view.claimed, price)],
    ["refunded", position.refunded, given.net - view.paid],
    ["purchases", String(position.purchases), BigInt(given.purchases)],
  ];
  return [
    ...pairs
      .filter(([, got, wanted]) => got !== String(wanted))
      .map(([field, got, wanted]) => tell(field, got, wanted)),
    ...(least !== undefined && most !== undefined && least <= told && told <= most
      ? []
      : [tell("vested tokens", position.vestedTokens, `${String(least)} to ${String(most)}`)]),
    ...(BigInt(position.claimableTokens) === (told === 0n ? 0n : told - BigInt(position.claimedTokens))
      ? []
      : [tell("claimable tokens", position.claimableTokens, "what has vested, without what was claimed")]),
  ];
}

/** As the indexer says it, of what was paid, at the time of its head. */
function vestedAt({ head, listedAt }: SaleStats, paid: bigint, price: Price, schedule: Schedule): bigint {
  if (listedAt === null || head.time < listedAt) return 0n;
  return tokensOf(vested(schedule, paid, BigInt(head.time - listedAt)), price);
}

/** What the indexer's rows add up to, against the sums that it says of them. */
export type RowSums = {
  add: (position: PositionJson) => void;
  compareWith: (stats: SaleStats) => Difference[];
};

export function createRowSums(): RowSums {
  let [buyers, claimedTokens, refunded] = [0, 0n, 0n];
  return {
    add(position) {
      if (position.paid !== "0") buyers++;
      claimedTokens += BigInt(position.claimedTokens);
      refunded += BigInt(position.refunded);
    },
    compareWith(stats) {
      const pairs: [field: string, got: string, wanted: string][] = [
        ["buyers", String(stats.buyers), String(buyers)],
        ["claimed tokens", stats.claimedTokens, String(claimedTokens)],
        ["refunded", stats.refunded, String(refunded)],
      ];
      return pairs
        .filter(([, got, wanted]) => got !== wanted)
        .map(([field, got, wanted]) =>
          difference("sum-differs", `the indexer's ${field}`, got, wanted, { block: stats.head.number }),
        );
    },
  };
}

/** Tokens for currency; positions are whole lots of `currencyUnits`. */
export function tokensOf(currency: bigint, { currencyUnits, tokenUnits }: Price): bigint {
  return (currency / currencyUnits) * tokenUnits;
}
