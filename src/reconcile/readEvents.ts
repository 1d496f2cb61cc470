import { pad, zeroAddress, type Address, type Hex } from "viem";
import { quantity } from "../chain/blocks.ts";
import type { LaunchContracts } from "../chain/readRange.ts";
import { resultOf, type RpcPool } from "../chain/rpcPool.ts";
import { isTooLarge, type RpcSource } from "../chain/rpcSource.ts";
import { decodeModuleEvent, decodeSaleEvent, type RawLog, type SaleEvent } from "../chain/saleEvents.ts";

/** The sale's events in a range of blocks, both ends included, as one node tells them, and what its modules tell of it. */
export type EventRange = {
  from: number;
  to: number;
  events: SaleEvent[];
  /** Id of the pool, once listed: venues tell of pools, not of sales. */
  listed: Hex | undefined;
};

type LogFilter = { address: Address | Address[]; topics?: (Hex | null)[]; fromBlock: Hex; toBlock: Hex };

const FIRST_SIZE = 2_000;
const LARGEST_SIZE = 50_000;
/** Events in a range from which on the next one is smaller. */
const MANY = 2_000;

/** All events of a sale, range by range; ranges grow, and shrink where the node finds them too large. */
export async function* readEvents({
  pool,
  source,
  sale,
  modules = { vesting: zeroAddress, venue: zeroAddress, registry: zeroAddress },
  from,
  to,
  listed,
}: {
  pool: RpcPool;
  source: RpcSource;
  sale: Address;
  /** Left out, or zero where the launch has none: nothing is read of them. */
  modules?: Pick<LaunchContracts, "vesting" | "venue" | "registry">;
  from: number;
  to: number;
  /** Where a range before this one told of it. */
  listed?: Hex | undefined;
}): AsyncGenerator<EventRange> {
  const { vesting, venue, registry } = modules;
  const naming = [vesting, registry].filter((module) => module !== zeroAddress);
  let size = FIRST_SIZE;
  for (let at = from; at <= to;) {
    const end = Math.min(to, at + size - 1);
    const blocks = { fromBlock: quantity(at), toBlock: quantity(end) };
    const ours = await logsOf([
      { address: sale, ...blocks },
      ...(naming.length === 0 ? [] : [{ address: naming, topics: [null, pad(sale)], ...blocks }]),
    ]);
    const events = ours?.flatMap((log) => eventOf(log));
    const told = events?.find((event) => event.type === "event" && event.name === "Listed");
    const id = listed ?? (told?.type === "event" ? (told.args["id"] as Hex) : undefined);
    const ofVenue =
      id === undefined || venue === zeroAddress
        ? []
        : await logsOf([{ address: venue, topics: [null, id], ...blocks }]);
    if (events === undefined || ofVenue === undefined) {
      size = Math.max(1, Math.floor((end - at + 1) / 2));
      continue;
    }

    events.push(...ofVenue.flatMap((log) => eventOf(log)));
    listed = id;
    size = events.length > MANY ? Math.max(1, size >> 1) : Math.min(LARGEST_SIZE, 2 * size);
    yield { from: at, to: end, events, listed };
    at = end + 1;
  }

  /** Undefined where the range is too large, and can be halved. */
  async function logsOf(filters: readonly LogFilter[]): Promise<RawLog[] | undefined> {
    const calls = filters.map((filter) => ({ method: "eth_getLogs", params: [filter] }));
    const answers = await pool.ask(source, calls);
    const logs: RawLog[] = [];
    for (const [index, call] of calls.entries()) {
      const answer = answers[index];
      const isOneBlock = filters[index]?.fromBlock === filters[index]?.toBlock;
      if (answer?.ok === false && isTooLarge(answer.error) && !isOneBlock) return undefined;
      logs.push(...(resultOf(source, call, answer) as RawLog[]));
    }
    return logs;
  }

  function eventOf(log: RawLog): SaleEvent[] {
    if (log.removed === true) return [];
    const address = log.address.toLowerCase();
    const module = (["vesting", "venue", "registry"] as const).find(
      (name) => modules[name].toLowerCase() === address,
    );
    const event = module === undefined ? decodeSaleEvent(log) : decodeModuleEvent(log, module, sale);
    return event?.sale === sale ? [event] : [];
  }
}
