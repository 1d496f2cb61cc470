import type { Address } from "viem";
import type { BlockRef } from "../chain/blocks.ts";
import type { Clock } from "../chain/clock.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { RpcSource } from "../chain/rpcSource.ts";
import type { PositionJson, SaleStats } from "../sdk/indexerApi.ts";
import type { IndexerClient } from "../sdk/indexerClient.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { addPosition, noPositions, type PositionSums } from "./compareMoney.ts";
import { addGiven, comparePosition, createRowSums, type Given, type Moment } from "./comparePosition.ts";
import { difference, type Difference, type Differences } from "./Difference.ts";
import { HEAD_TRIES, orUnknown, PAUSE_MS } from "./headTries.ts";
import { readPositions, type PositionView } from "./readSale.ts";

/** Rows in memory at once; the entries are read once for each such part. */
const ROWS_AT_ONCE = 50_000;
const LAST_ADDRESS = 2n ** 160n - 1n;

type Row = { position: PositionJson; view: PositionView; moment: Moment };

/**
 * Each buyer the indexer knows, by the sale's own word at the block and by the buyer's entries; and each buyer of an entry must
 * have a row. Returns the sale's words, added up.
 */
export async function comparePositions({
  record,
  indexer,
  pool,
  sources,
  block,
  clock,
  differences,
}: {
  record: LaunchRecord;
  indexer: IndexerClient;
  pool: RpcPool;
  sources: readonly [RpcSource, ...RpcSource[]];
  block: BlockRef;
  clock: Clock;
  differences: Differences;
}): Promise<PositionSums> {
  const { sale, terms } = record;
  const wanted = { price: terms.sale.price, schedule: terms.vesting.buyers };
  const before = await indexer.sale(sale);
  const rows = createRowSums();
  let sums = noPositions;
  let last = 0n;

  for (let next: Address | undefined, more = true; more;) {
    const part: Row[] = [];
    const above = last;
    while (more && part.length < ROWS_AT_ONCE) {
      const head = await indexer.sale(sale);
      const page = await indexer.positions(sale, {
        limit: 1000,
        ...(next === undefined ? {} : { after: next }),
      });
      const moment: Moment = [head, await indexer.sale(sale)];
      const views = await viewsOf(
        page.positions.map(({ buyer }) => buyer),
        block,
      );
      for (const [index, position] of page.positions.entries()) {
        const view = views[index];
        if (view === undefined) continue;
        // One told twice would stand in for one left out.
        if (BigInt(position.buyer) <= last) {
          const once = "each buyer once, in the order of addresses";
          differences.add(difference("position-differs", "buyer", position.buyer, once));
        }
        last = BigInt(position.buyer);
        sums = addPosition(sums, view);
        rows.add(position);
        part.push({ position, view, moment });
      }
      more = page.next !== null;
      next = page.next ?? undefined;
    }
    await compareWithEntries(part, above, more ? last : LAST_ADDRESS);
  }

  // Rows and sums are those of the indexer's head: where the sale moved meanwhile, they are not of one moment.
  const after = await indexer.sale(sale);
  if (isSame(before, after)) differences.add(...rows.compareWith(after));
  return sums;

  async function compareWithEntries(part: readonly Row[], above: bigint, upTo: bigint): Promise<void> {
    const all = new Map<Address, Given>();
    for await (const entry of indexer.allEntries(sale)) {
      if (entry.block.number > block.number) break;
      const address = BigInt(entry.buyer);
      if (address > above && address <= upTo) addGiven(all, entry);
    }
    for (const { position, view, moment } of part) {
      const given = all.get(position.buyer);
      all.delete(position.buyer);
      const found = comparePosition(position, { ...wanted, view, given, moment, block: block.number });
      if (found.length > 0) differences.add(...((await compareAtHead(position.buyer)) ?? found));
    }
    for (const buyer of all.keys()) {
      differences.add(difference("position-differs", `${buyer}, row`, "no row", "a position"));
    }
  }

  /** By the first node; what another one says of the same is a difference. */
  async function viewsOf(buyers: readonly Address[], { number, hash }: BlockRef): Promise<PositionView[]> {
    const [source, ...others] = sources;
    const views = await readPositions(pool, source, sale, buyers, hash);
    await Promise.all(
      others.map(async (other) => {
        const said = await orUnknown(readPositions(pool, other, sale, buyers, hash));
        for (const [index, buyer] of buyers.entries()) {
          const [own, view] = [said?.[index], views[index]];
          if (own === undefined || view === undefined) continue;
          for (const key of ["paid", "claimed", "nonce", "ejected"] as const) {
            if (own[key] === view[key]) continue;
            const [got, first] = [`${other.name}: ${own[key]}`, `${source.name}: ${view[key]}`];
            differences.add(difference("rpcs-disagree", `${buyer}, ${key}`, got, first, { block: number }));
          }
        }
      }),
    );
    return views;
  }

  /** The indexer's rows are those of its head: one that moved after our block is compared there. */
  async function compareAtHead(buyer: Address): Promise<Difference[] | undefined> {
    return atStillHead(async (stats) => {
      const position = await indexer.position(sale, buyer);
      const given = new Map<Address, Given>();
      for await (const entry of indexer.allEntries(sale, { buyer })) addGiven(given, entry);
      const [view] = await viewsOf([buyer], stats.head);
      if (position === undefined || view === undefined) return undefined;
      const moment: Moment = [stats, stats];
      const head = { view, given: given.get(buyer), moment, block: stats.head.number };
      return comparePosition(position, { ...wanted, ...head });
    });
  }

  /** Runs `compare` until the indexer's head is the same before and after; undefined where it never stands still. */
  async function atStillHead<T>(
    compare: (stats: SaleStats) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    for (let tries = 0; tries < HEAD_TRIES; tries++) {
      const start = await indexer.sale(sale);
      const outcome = await orUnknown(compare(start));
      const end = await indexer.sale(sale);
      if (outcome !== undefined && start.head.hash === end.head.hash) return outcome;
      await clock.sleep(PAUSE_MS);
    }
    return undefined;
  }
}

/** Whether nothing was bought, withdrawn, claimed or refunded between. */
function isSame(before: SaleStats, after: SaleStats): boolean {
  return (["history", "claimedTokens", "refunded"] as const).every((key) => before[key] === after[key]);
}
