import type { Hex } from "viem";
import type { BlockRef } from "../chain/blocks.ts";
import type { Clock } from "../chain/clock.ts";
import type { Finality } from "../chain/finality.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { EntryJson, SaleEventJson, SaleEventsPage, SaleStats } from "../sdk/indexerApi.ts";
import type { IndexerClient } from "../sdk/indexerClient.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { OrderExporter } from "../sdk/orderExport.ts";
import type { Phase } from "../sdk/phase.ts";
import { SlipwayError } from "../sdk/problem.ts";
import { acknowledgementOf, type Acknowledgement } from "./acknowledgements.ts";
import { compareMoney, compareSums } from "./compareMoney.ts";
import { comparePositions } from "./comparePositions.ts";
import { compareRows } from "./compareRows.ts";
import { compareAnchor, compareHead } from "./compareTips.ts";
import { createCursor } from "./createCursor.ts";
import { compareWithSale, compareWithStats, createReplay, type CopyTotals } from "./createReplay.ts";
import { createDifferences, difference, type Difference } from "./Difference.ts";
import { HEAD_TRIES, PAUSE_MS, statsAtHead } from "./headTries.ts";
import { matchOrders, type OrderCounts } from "./matchOrders.ts";
import { readAgreed } from "./readAgreed.ts";
import { waitForCopy } from "./waitForCopy.ts";

export type ReconcileOptions = {
  record: LaunchRecord;
  /** Every node of it must say the same. */
  pool: RpcPool;
  finality: Finality;
  indexer: IndexerClient;
  /** Left out only where the sale takes purchases without a voucher. */
  orders?: OrderExporter;
  /** Notices that a person has looked at. */
  acknowledged?: readonly Acknowledgement[];
  clock: Clock;
};

/** With the block at which it was found, and who has acknowledged it, if it is a notice and somebody has. */
export type ToldDifference = Difference & { acknowledged?: Acknowledgement };

export type Reconciliation = {
  /** The final block, agreed by the nodes, at which everything was compared. */
  block: BlockRef;
  /** The sale's phase there. */
  phase: Phase;
  /** What the copy's entries up to the block add up to; undefined where the copy could not be read. */
  copy: CopyTotals | undefined;
  /** Buyers with a position. */
  buyers: number;
  /** Undefined where no orders were read. */
  orders: OrderCounts | undefined;
  differences: ToldDifference[];
  /** Further differences that are not listed, as a hundred of their kind are. */
  omitted: number;
};

/** What stops a listing. */
export function blockingOf({ differences }: Pick<Reconciliation, "differences">): Difference[] {
  return differences.filter(({ severity }) => severity === "blocking");
}

/**
 * Compares, at one final block, what the indexer copied with what the sale says, what the sale holds with what it owes,
 * and every purchase with the signer's orders. Writes nothing. Differences are the result; it throws only where it could
 * not compare: `rpc-unreachable`, `indexer-unreachable`, `signer-unreachable` and what those services refuse.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { record, pool, finality, indexer, orders, clock } = options;
  const { sale, terms, registry } = record;
  const modules = { vesting: terms.vesting.vesting, venue: terms.listing.venue, registry };
  const differences = createDifferences();
  const { block, view, sources, differences: between } = await readAgreed({ pool, record, finality });
  differences.add(...between);
  const tips = { pool, sources, statsNow: () => indexer.sale(sale), clock };
  /** Id of the pool, as the sale told it. */
  let listed: Hex | undefined;

  const result: Omit<Reconciliation, "differences" | "omitted"> = {
    ...{ block, phase: view.phase, copy: undefined, buyers: 0, orders: undefined },
  };
  const done = (): Reconciliation => ({
    ...result,
    differences: differences.list().map((one) => {
      const acknowledged = acknowledgementOf(one, record, options.acknowledged ?? []);
      return { block: block.number, ...one, ...(acknowledged === undefined ? {} : { acknowledged }) };
    }),
    omitted: differences.omitted(),
  });

  try {
    const { stats, differences: standing } = await waitForCopy({ indexer, record, block, clock });
    differences.add(...standing);
    if (standing.length > 0) return done();

    differences.add(...(await compareAnchor({ ...tips, finality })));
    result.copy = await compareEntries(stats);
    differences.add(...(await compareTail(result.copy)));
    const sums = await comparePositions({ record, indexer, pool, sources, block, clock, differences });
    result.buyers = sums.buyers;
    differences.add(...compareSums(view, sums, await refundedTo(), block.number));
    differences.add(...compareMoney(view, sums, terms, block.number));
    differences.add(...(await compareHead({ ...tips, record, listed })));

    if (orders !== undefined) {
      result.orders = await matchOrders({
        ...{ purchases: finalPurchases, orders: orders.all(), differences },
        isPurchase: async (order: Hex) =>
          (await indexer.entries(sale, { order, limit: 1 })).entries.length > 0,
      });
    } else if (terms.sale.voucherRequired) {
      differences.add(
        difference("orders-unchecked", "orders", "no signer named", "the orders of the signer"),
      );
    }
  } catch (error) {
    // It stopped while we read.
    if (!(error instanceof SlipwayError) || !stops.has(error.code)) throw error;
    differences.add(
      difference("indexer-stopped", error.code, error.message, "live", { wayOut: error.wayOut }),
    );
  }
  return done();

  /** All entries, replayed, and all rows up to the block beside the chain's; returns what the entries up to there add up to. */
  async function compareEntries(stats: SaleStats): Promise<CopyTotals> {
    const replay = createReplay(record);
    let atStats = replay.totals();
    function replayed(entry: EntryJson): Difference[] {
      const found = replay.add(entry);
      if (entry.sequence <= stats.entries) atStats = replay.totals();
      return found;
    }

    const entries = createCursor(indexer.allEntries(sale));
    listed = await compareRows({
      ...{ pool, sources, sale, modules, from: Number(record.startBlock), to: block.number },
      ...{ entries, events: createCursor(indexer.allLog(sale)) },
      onEntry: (entry) => {
        differences.add(...replayed(entry));
      },
      onFound: (found) => {
        differences.add(...found);
      },
    });
    const atBlock = replay.totals();
    differences.add(...compareWithSale(atBlock, view, block.number));

    // What is not final yet may be reorganised away while we read: then it counts for nothing.
    const later: Difference[] = [];
    for await (const entry of entries.takeWhile(() => true)) later.push(...replayed(entry));
    later.push(...compareWithStats(stats, atStats));
    if (later.length > 0 && (await indexer.sale(sale)).history === stats.history) differences.add(...later);
    return atBlock;
  }

  /**
   * All rows above the block, beside those of the nodes up to the indexer's head. As these blocks may be reorganised while
   * we read, only what differs at every look is a difference.
   */
  async function compareTail({ sequence }: CopyTotals): Promise<Difference[]> {
    let found: Difference[] = [];
    for (let tries = 0; tries < HEAD_TRIES; tries++) {
      if (tries > 0) await clock.sleep(PAUSE_MS);
      const held = await statsAtHead(tips);
      if ("unknown" in held) return [held.unknown];
      const entries = createCursor(indexer.allEntries(sale, { after: sequence }));
      const events = createCursor(logAfter(block.number));
      found = [];
      const told = await compareRows({
        ...{ pool, sources, sale, modules, entries, events, listed },
        ...{ from: block.number + 1, to: held.stats.head.number },
        onFound: (part) => {
          found.push(...part);
        },
      });
      let highest = -1;
      for (const rest of [entries, events]) {
        for await (const row of rest.takeWhile(() => true)) highest = Math.max(highest, row.block.number);
      }
      const now = (await indexer.sale(sale)).head.number;
      if (highest > now) {
        found.push(difference("state-differs", "the last row", `block ${highest}`, `at most block ${now}`));
      }
      if (found.length > 0) continue;
      listed = told;
      return [];
    }
    return found;
  }

  async function* logAfter(number: number): AsyncGenerator<SaleEventJson> {
    for (let after: string | null = `${number}.999999999`; after !== null;) {
      const page: SaleEventsPage = await indexer.log(sale, { limit: 1000, after });
      yield* page.events;
      after = page.next;
    }
  }

  async function refundedTo(): Promise<bigint> {
    let refunded = 0n;
    if (view.phase !== "failed") return refunded;
    for await (const event of indexer.allLog(sale, { contract: "sale", name: "Refunded" })) {
      if (isFinal(event)) refunded += BigInt(event.args["amount"] ?? "0");
    }
    return refunded;
  }

  async function* finalPurchases(): AsyncGenerator<EntryJson> {
    for await (const entry of indexer.allEntries(sale)) {
      if (!isFinal(entry)) return;
      if (entry.kind === "purchase") yield entry;
    }
  }

  function isFinal(event: { block: BlockRef }): boolean {
    return event.block.number <= block.number;
  }
}

/** Codes with which the indexer refuses to read a copy it does not trust. */
const stops: ReadonlySet<string> = new Set(["sale-quarantined", "anchor-broken"]);
