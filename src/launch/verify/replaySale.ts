import { getAddress, type Address } from "viem";
import type { SaleEvent } from "../../chain/saleEvents.ts";
import { nonceAfter } from "../../sdk/history.ts";
import { replayEntry, replayStart, type Replayed } from "../../sdk/replay.ts";
import type { Checks } from "./Verification.ts";

/** A buyer as the events make it. */
export type Buyer = { paid: bigint; nonce: bigint; ejected: bigint; claimedTokens: bigint };

export type ReplayedSale = Replayed & {
  buyers: Map<Address, Buyer>;
  purchased: bigint;
  withdrawn: bigint;
  refunded: bigint;
  ejectedPaid: bigint;
  feePaid: bigint;
  treasuryPaid: bigint;
  claimedTokens: bigint;
  unsoldReleased: bigint;
  listed: Listed | undefined;
  series: bigint[];
};

export type Listed = {
  id: `0x${string}`;
  poolTokens: bigint;
  poolCurrency: bigint;
  fee: bigint;
  treasury: bigint;
  unsold: bigint;
};

/** The sale's whole life from its events; a wrong entry is told once, at its place. */
export function createSaleReplay(
  sale: { chainId: number; sale: Address; termsHash: `0x${string}` },
  checks: Checks,
): { add: (event: SaleEvent) => void; result: () => ReplayedSale } {
  let replayed = replayStart(sale);
  let isBroken = false;
  const buyers = new Map<Address, Buyer>();
  const sums = {
    ...{ purchased: 0n, withdrawn: 0n, refunded: 0n, ejectedPaid: 0n },
    ...{ feePaid: 0n, treasuryPaid: 0n, claimedTokens: 0n, unsoldReleased: 0n },
  };
  let listed: Listed | undefined;
  const series: bigint[] = [];

  function buyerAt(address: string): Buyer {
    const key = getAddress(address);
    const buyer = buyers.get(key) ?? { paid: 0n, nonce: 0n, ejected: 0n, claimedTokens: 0n };
    buyers.set(key, buyer);
    return buyer;
  }

  return {
    add(event) {
      if (event.type === "entry") {
        const { entry } = event;
        replayed = replayEntry(replayed, entry);
        if (!isBroken && replayed.history !== event.history) {
          isBroken = true;
          checks.same(
            `history after entry ${replayed.sequence}, block ${event.block.number}`,
            event.history,
            replayed.history,
          );
        }
        const buyer = buyerAt(entry.buyer);
        buyer.nonce = nonceAfter(entry);
        if (entry.kind === "purchase") {
          buyer.paid += entry.amount;
          sums.purchased += entry.amount;
        } else if (entry.kind !== "invalidate") {
          buyer.paid -= entry.amount;
          if (entry.kind === "eject") buyer.ejected += entry.amount;
          else sums.withdrawn += entry.amount;
        }
        series.push(replayed.raised);
        return;
      }

      const { name, args } = event;
      const amount = BigInt(args["amount"] ?? args["tokens"] ?? "0");
      const who = args["buyer"] ?? "";
      if (name === "Claimed") {
        buyerAt(who).claimedTokens += amount;
        sums.claimedTokens += amount;
      } else if (name === "Refunded") {
        buyerAt(who).paid -= amount;
        sums.refunded += amount;
      } else if (name === "EjectedReleased") {
        buyerAt(who).ejected -= amount;
        sums.ejectedPaid += amount;
      } else if (name === "FeeReleased") sums.feePaid += amount;
      else if (name === "TreasuryReleased") sums.treasuryPaid += amount;
      else if (name === "UnsoldReleased") sums.unsoldReleased += amount;
      else if (name === "Listed") {
        const of = (key: string) => BigInt(args[key] ?? "0");
        listed = {
          id: (args["id"] ?? "0x") as `0x${string}`,
          ...{ poolTokens: of("poolTokens"), poolCurrency: of("poolCurrency"), fee: of("fee") },
          ...{ treasury: of("treasury"), unsold: of("unsold") },
        };
      }
    },
    result: () => ({ ...replayed, ...sums, buyers, listed, series }),
  };
}
