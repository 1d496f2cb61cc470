import type { Address, Hex } from "viem";
import type { LaunchContracts } from "../chain/readRange.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { RpcSource } from "../chain/rpcSource.ts";
import type { SaleEvent } from "../chain/saleEvents.ts";
import type { EntryJson, SaleEventJson } from "../sdk/indexerApi.ts";
import { addTimes } from "./addTimes.ts";
import { compareEvents, type CopiedRange } from "./compareEvents.ts";
import type { Cursor } from "./createCursor.ts";
import type { Difference } from "./Difference.ts";
import { readEvents } from "./readEvents.ts";

export type CompareRows = {
  pool: RpcPool;
  /** All are asked. */
  sources: readonly [RpcSource, ...RpcSource[]];
  sale: Address;
  modules: Pick<LaunchContracts, "vesting" | "venue" | "registry">;
  /** Blocks, both included. */
  from: number;
  to: number;
  /** Id of the pool, where an earlier range told of it. */
  listed?: Hex | undefined;
  /** The copy's rows from the first block on, in its order; those above the last block stay. */
  entries: Cursor<EntryJson>;
  events: Cursor<SaleEventJson>;
  onEntry?: (entry: EntryJson) => void;
  onFound: (found: Difference[]) => void;
};

/** Range by range, the copy's rows beside what every node has there; returns the pool's id, once any of them told of it. */
export async function compareRows(options: CompareRows): Promise<Hex | undefined> {
  const { pool, sale, modules, from, to, entries, events, onFound, onEntry } = options;
  const [source, ...others] = options.sources;
  let listed = options.listed;

  for await (const told of readEvents({ pool, source, sale, modules, from, to, listed })) {
    const isHere = (row: EntryJson | SaleEventJson): boolean => row.block.number <= told.to;
    const copied: CopiedRange = { entries: [], events: [] };
    for await (const entry of entries.takeWhile(isHere)) {
      onEntry?.(entry);
      copied.entries.push(entry);
    }
    for await (const event of events.takeWhile(isHere)) copied.events.push(event);
    listed ??= told.listed;

    const range = { from: told.from, to: told.to };
    const more = await Promise.all(others.map((other) => readAll(other, range)));
    const tellings = [{ source, events: told.events }, ...more];
    onFound(
      compareEvents(
        copied,
        await Promise.all(
          tellings.map(async (one) => ({
            node: one.source.name,
            events: await addTimes(pool, one.source, one.events),
          })),
        ),
      ),
    );
  }
  return listed;

  async function readAll(other: RpcSource, range: { from: number; to: number }) {
    const own: SaleEvent[] = [];
    for await (const part of readEvents({ pool, source: other, sale, modules, ...range, listed })) {
      own.push(...part.events);
      listed ??= part.listed;
    }
    return { source: other, events: own };
  }
}
