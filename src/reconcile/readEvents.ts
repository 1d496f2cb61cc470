import type { Address } from "viem";
import { quantity } from "../chain/blocks.ts";
import { resultOf, type RpcPool } from "../chain/rpcPool.ts";
import { isTooLarge, type RpcSource } from "../chain/rpcSource.ts";
import { decodeSaleEvent, type RawLog, type SaleEvent } from "../chain/saleEvents.ts";

/** The sale's events in a range of blocks, both ends included, as one node tells them. */
export type EventRange = { from: number; to: number; events: SaleEvent[] };

const FIRST_SIZE = 2_000;
const LARGEST_SIZE = 50_000;
/** Events in a range from which on the next one is smaller. */
const MANY = 2_000;

/** All events of a sale, range by range; ranges grow, and shrink where the node finds them too large. */
export async function* readEvents({
  pool,
  source,
  sale,
  from,
  to,
}: {
  pool: RpcPool;
  source: RpcSource;
  sale: Address;
  from: number;
  to: number;
}): AsyncGenerator<EventRange> {
  let size = FIRST_SIZE;
  for (let at = from; at <= to;) {
    const end = Math.min(to, at + size - 1);
    const range = { address: sale, fromBlock: quantity(at), toBlock: quantity(end) };
    const call = { method: "eth_getLogs", params: [range] };
    const [answer] = await pool.ask(source, [call]);
    if (answer?.ok === false && isTooLarge(answer.error) && end > at) {
      size = Math.max(1, Math.floor((end - at + 1) / 2));
      continue;
    }
    const logs = resultOf(source, call, answer) as RawLog[];
    size = logs.length > MANY ? Math.max(1, size >> 1) : Math.min(LARGEST_SIZE, 2 * size);
    yield { from: at, to: end, events: logs.flatMap((log) => eventOf(sale, log)) };
    at = end + 1;
  }
}

function eventOf(sale: Address, log: RawLog): SaleEvent[] {
  const event = decodeSaleEvent(log);
  return event?.sale === sale && log.removed !== true ? [event] : [];
}
