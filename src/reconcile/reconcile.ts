import type { Hex } from "viem";
import { blockAt, headerOf, type BlockRef } from "../chain/blocks.ts";
import type { Clock } from "../chain/clock.ts";
import type { Finality } from "../chain/finality.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { SaleEvent } from "../chain/saleEvents.ts";
import type { EntryJson, SaleStats } from "../sdk/indexerApi.ts";
import type { IndexerClient } from "../sdk/indexerClient.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { OrderExporter } from "../sdk/orderExport.ts";
import type { Phase } from "../sdk/phase.ts";
import { SlipwayError } from "../sdk/problem.ts";
import { acknowledgementOf, type Acknowledgement } from "./acknowledgements.ts";
import { addPosition, compareMoney, compareSums, noPositions, type PositionSums } from "./compareMoney.ts";
import { compareEvents, type CopiedRange } from "./compareEvents.ts";
import { comparePosition, createRowSums } from "./comparePosition.ts";
import {
  compareStanding,
  compareWithSale,
  compareWithStats,
  createReplay,
  type CopyTotals,
} from "./createReplay.ts";
import { createCursor } from "./createCursor.ts";
import { createDifferences, difference, type Difference } from "./Difference.ts";
import { matchOrders, type OrderCounts } from "./matchOrders.ts";
import { readAgreed } from "./readAgreed.ts";
import { readEvents, type EventRange } from "./readEvents.ts";
import { readPositions, readSale } from "./readSale.ts";
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
  const [source, ...others] = sources;
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

    differences.add(...(await compareAnchor(stats)));
    result.copy = await compareEntries(stats);
    const sums = await comparePositions();
    result.buyers = sums.buyers;
    differences.add(...compareMoney(view, sums, terms, block.number));
    differences.add(...(await compareState()));

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

  /** The block that the indexer holds as final must be the nodes' one. */
  async function compareAnchor({ finalised }: SaleStats): Promise<Difference[]> {
    if (finalised.number < 0 || finalised.number > block.number) return [];
    const header = headerOf((await pool.ask(source, [blockAt(finalised.number)]))[0]);
    if (header?.hash === finalised.hash) return [];
    return [
      difference(
        "indexer-forked",
        `block ${finalised.number}`,
        finalised.hash,
        header?.hash ?? "no such block",
        { block: finalised.number },
      ),
    ];
  }

  /** All entries, replayed and beside the chain's events; returns what those up to the block add up to. */
  async function compareEntries(stats: SaleStats): Promise<CopyTotals> {
    const replay = createReplay(record);
    let atStats = replay.totals();
    function replayed(entry: EntryJson): Difference[] {
      const found = replay.add(entry);
      if (entry.sequence <= stats.entries) atStats = replay.totals();
      return found;
    }

    const entries = createCursor(indexer.allEntries(sale));
    const events = createCursor(indexer.allLog(sale));
    const range = { pool, source, sale, modules, from: Number(record.startBlock), to: block.number };
    for await (const told of readEvents(range)) {
      const isHere = (row: { block: BlockRef }): boolean => row.block.number <= told.to;
      const copied: CopiedRange = { entries: [], events: [] };
      for await (const entry of entries.takeWhile(isHere)) {
        differences.add(...replayed(entry));
        copied.entries.push(entry);
      }
      for await (const event of events.takeWhile(isHere)) copied.events.push(event);
      differences.add(...(await compareRange(copied, told)));
      listed = told.listed;
    }
    const atBlock = replay.totals();
    differences.add(...compareWithSale(atBlock, view, block.number));

    // What is not final yet may be reorganised away while we read: then it counts for nothing.
    const later: Difference[] = [];
    for await (const entry of entries.takeWhile(() => true)) later.push(...replayed(entry));
    later.push(...compareWithStats(stats, atStats));
    if (later.length > 0 && (await indexer.sale(sale)).history === stats.history) differences.add(...later);
    return atBlock;
  }

  /** Nodes drop logs: only what every node has otherwise counts. */
  async function compareRange(copied: CopiedRange, told: EventRange): Promise<Difference[]> {
    let found = compareEvents(copied, told.events);
    for (const other of others) {
      if (found.length === 0) return [];
      const events: SaleEvent[] = [];
      const { from, to, listed } = told;
      const range = { pool, source: other, sale, modules, from, to, listed };
      for await (const part of readEvents(range)) events.push(...part.events);
      found = compareEvents(copied, events);
    }
    return found;
  }

  /** Each buyer the indexer knows, by the sale's own word at the block. */
  async function comparePositions(): Promise<PositionSums> {
    const before = await indexer.sale(sale);
    const rows = createRowSums();
    let sums = noPositions;
    let last = 0n;
    for (let next: Hex | undefined, more = true; more;) {
      const page = await indexer.positions(sale, {
        limit: 1000,
        ...(next === undefined ? {} : { after: next }),
      });
      const buyers = page.positions.map(({ buyer }) => buyer);
      const views = await readPositions(pool, source, sale, buyers, block.hash);
      for (const [index, position] of page.positions.entries()) {
        const own = views[index];
        if (own === undefined) continue;
        // One told twice would stand in for one left out.
        if (BigInt(position.buyer) <= last) {
          const wanted = "each buyer once, in the order of addresses";
          differences.add(difference("position-differs", "buyer", position.buyer, wanted));
        }
        last = BigInt(position.buyer);
        sums = addPosition(sums, own);
        rows.add(position);
        const found = comparePosition(position, own, terms.sale.price, block.number);
        if (found.length > 0) differences.add(...((await compareAtHead(position.buyer)) ?? found));
      }
      more = page.next !== null;
      next = page.next ?? undefined;
    }

    // Rows and sums are those of the indexer's head: where that moved meanwhile, they are not of one moment.
    const after = await indexer.sale(sale);
    if (before.head.hash === after.head.hash) differences.add(...rows.compareWith(after));

    let refunded = 0n;
    if (view.phase === "failed") {
      for await (const event of indexer.allLog(sale, { contract: "sale", name: "Refunded" })) {
        if (isFinal(event)) refunded += BigInt(event.args["amount"] ?? "0");
      }
    }
    differences.add(...compareSums(view, sums, refunded, block.number));
    return sums;
  }

  /** The indexer's rows are those of its head: one that moved after our block is compared there. */
  async function compareAtHead(buyer: Hex): Promise<Difference[] | undefined> {
    return atStillHead(async (stats) => {
      const position = await indexer.position(sale, buyer);
      const [own] = await readPositions(pool, source, sale, [buyer], stats.head.hash);
      if (position === undefined || own === undefined) return undefined;
      return comparePosition(position, own, terms.sale.price, stats.head.number);
    });
  }

  async function compareState(): Promise<Difference[]> {
    let head = "";
    for (let tries = 0; tries < HEAD_TRIES; tries++) {
      const stats = await indexer.sale(sale);
      head = `block ${stats.head.number}, ${stats.head.hash}`;
      const view = await orUnknown(readSale(pool, source, record, stats.head.hash));
      if (view !== undefined) return compareStanding(stats, view, listed);
      await clock.sleep(50);
    }
    return [difference("state-differs", "head", head, "a block that the nodes have")];
  }

  /** Runs `compare` until the indexer's head is the same before and after; undefined where it never stands still. */
  async function atStillHead<T>(
    compare: (stats: SaleStats) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    for (let tries = 0; tries < HEAD_TRIES; tries++) {
      const before = await indexer.sale(sale);
      const outcome = await orUnknown(compare(before));
      const after = await indexer.sale(sale);
      if (outcome !== undefined && before.head.hash === after.head.hash) return outcome;
      await clock.sleep(50);
    }
    return undefined;
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

/** Looks at a head that moves, or that the nodes do not have yet. */
const HEAD_TRIES = 10;

/** Undefined where the nodes do not have the block that is asked about. */
async function orUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "rpc-refused") return undefined;
    throw error;
  }
}

/** Codes with which the indexer refuses to read a copy it does not trust. */
const stops: ReadonlySet<string> = new Set(["sale-quarantined", "anchor-broken"]);
