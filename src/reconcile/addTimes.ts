import { blockAt, headerOf } from "../chain/blocks.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { RpcSource } from "../chain/rpcSource.ts";
import type { SaleEvent } from "../chain/saleEvents.ts";

/** Headers in one HTTP request at most. */
const HEADERS_AT_ONCE = 100;

/** Events with the time of their block, by its header where the node sent none with the log; without where it has another block. */
export async function addTimes(
  pool: RpcPool,
  source: RpcSource,
  events: readonly SaleEvent[],
): Promise<SaleEvent[]> {
  const numbers = [
    ...new Set(events.filter(({ time }) => time === undefined).map(({ block }) => block.number)),
  ];
  const times = new Map<string, number>();
  for (let at = 0; at < numbers.length; at += HEADERS_AT_ONCE) {
    for (const answer of await pool.ask(source, numbers.slice(at, at + HEADERS_AT_ONCE).map(blockAt))) {
      const header = headerOf(answer);
      if (header !== undefined) times.set(header.hash, header.time);
    }
  }
  return events.map((event) => {
    const time = event.time ?? times.get(event.block.hash);
    return time === undefined ? event : { ...event, time };
  });
}
