import { slice, toFunctionSelector, zeroAddress, type Address, type Hex } from "viem";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { Replayed } from "../sdk/replay.ts";
import { blockAt, headerOf, isQuantity, quantity, refOf, type BlockRef, type Header } from "./blocks.ts";
import { proveSale, type Mismatch, type SaleState } from "./proveSale.ts";
import type { RpcPool } from "./rpcPool.ts";
import { isTooLarge, type RpcAnswer, type RpcCall, type RpcSource } from "./rpcSource.ts";
import { createPacker, hexAt, isEntry, numberAt, setTime, type PackedEntries } from "./packedEntries.ts";
import { decodeModuleEvent, decodeSaleEvent, isSound, type OtherEvent, type RawLog } from "./saleEvents.ts";

/** The contracts of a launch that are followed; zero where it has none. */
export type LaunchContracts = { sale: Address; vesting: Address; venue: Address; registry: Address };

export type RangeSale = LaunchContracts & {
  before: Replayed;
  /** As the venue names it; undefined before the listing. */
  pool: Hex | undefined;
};

export type RangeQuery = {
  sales: readonly RangeSale[];
  /** The block before the range, as we hold it; its hash ties the range to our chain. */
  parent: BlockRef;
  /** Last block of the range. */
  to: number;
  /**
   * `boundary`: headers at both ends and one request for logs, for what is old. `linked`: every header, tied by parent
   * hashes, and one request for logs. `byHash`: every header, and logs block by block, by hash.
   */
  mode: "boundary" | "linked" | "byHash";
  /** Nodes may have dropped the state of its end: it does without, and the next range that has one proves its last logs. */
  old: boolean;
};

export type SaleRange = {
  sale: Address;
  entries: PackedEntries;
  others: TimedEvent[];
  after: Replayed;
  pool: Hex | undefined;
  state: SaleState | undefined;
};
export type TimedEvent = OtherEvent & { time: number };

/** What one node tells of a range; nothing of it is proved yet. */
export type FetchedRange = {
  type: "fetched";
  source: RpcSource;
  /** The block before the range, as this node holds it. */
  before: Header;
  /** Those read after it, ascending; the last is the end of the range. */
  headers: BlockRef[];
  sales: readonly FetchedSale[];
};
type FetchedSale = {
  sale: Address;
  entries: PackedEntries;
  others: TimedEvent[];
  state: SaleState | undefined;
};
export type Fetched = FetchedRange | { type: "too-large" };

export type RangeAnswer =
  /** `headers`: those read after `parent`, ascending, the last is `to`. */
  | { type: "range"; headers: BlockRef[]; sales: SaleRange[]; mismatches: Mismatch[] }
  /** The node holds another block where `parent` should be. */
  | { type: "fork" }
  | { type: "too-large" };

const selectors = ["history()", "raised()", "phase()"].map((signature) => toFunctionSelector(signature));

/** More than a block has. */
const LOGS_IN_A_BLOCK = 2 ** 20;
/** Headers in one request at most. */
const HEADERS_AT_ONCE = 100;

/** What must be known to fetch a range; ranges that follow each other can be fetched at once. */
export type FetchQuery = {
  sales: readonly LaunchContracts[];
  parent: number;
  to: number;
  mode: RangeQuery["mode"];
};

/**
 * Reads one range from one node. All that is read is tied to block hashes: the logs to the headers, the state to the last
 * block's hash, so that answers from two forks cannot mix.
 *
 * Throws `rpc-behind` when the node lacks a block, `rpc-inconsistent` when its answers contradict each other.
 */
export async function fetchRange(pool: RpcPool, source: RpcSource, query: FetchQuery): Promise<Fetched> {
  const { sales, parent, to, mode } = query;
  const [before, ...headers] = await readHeaders(pool, source, query);
  const last = headers.at(-1);
  if (before === undefined || last === undefined)
    throw indexerError("rpc-behind", `${source.name} has no block ${String(to)}`);

  const logCalls: RpcCall[] =
    mode === "byHash"
      ? headers.map((header) => logsCall(sales, { blockHash: header.hash }))
      : [logsCall(sales, { fromBlock: quantity(parent + 1), toBlock: quantity(to) })];
  const stateCalls = sales.flatMap(({ sale }) =>
    selectors.map((selector) => stateCall(sale, selector, last.hash)),
  );
  const answers = await pool.askOnce(source, [...logCalls, ...stateCalls, blockAt(to)]);

  if (headerOf(answers.at(-1))?.hash !== last.hash) {
    throw indexerError("rpc-inconsistent", `${source.name} changed its mind about block ${String(to)}`);
  }
  const logAnswers = answers.slice(0, logCalls.length);
  if (logAnswers.some((answer) => !answer.ok && isTooLarge(answer.error))) return { type: "too-large" };

  const known = new Map<number, BlockRef>(headers.map((header) => [header.number, header]));
  const logs = inOrder(logAnswers.flatMap((answer) => logsOf(source, answer)));
  const events = eventsOf(source, logs, query, known);
  await addTimes(pool, source, events, known);

  return {
    ...{ type: "fetched", source, before, headers: headers.map(refOf) },
    sales: events.map(({ sale, entries, others }, index) => {
      const at = logCalls.length + index * selectors.length;
      return { sale, entries, others, state: stateOf(answers.slice(at, at + selectors.length)) };
    }),
  };
}

/** Whether what a node told continues our chain and each sale's history; throws `rpc-inconsistent` where it proves nothing. */
export function proveRange(fetched: FetchedRange, { sales, parent, to, old }: RangeQuery): RangeAnswer {
  const { source, before: found, headers } = fetched;
  if (found.hash !== parent.hash) return { type: "fork" };

  const result: Extract<RangeAnswer, { type: "range" }> = {
    type: "range",
    headers,
    sales: [],
    mismatches: [],
  };
  for (const { sale, entries, others, state } of fetched.sales) {
    const ours = sales.find((each) => each.sale === sale);
    const before = ours?.before;
    if (before === undefined) throw indexerError("internal", `${sale} was not asked for`);
    const proof = proveSale({ sale, before, entries, state, block: to });
    // Near the head every node has the state; without it nothing would prove that the last log is there.
    if (proof.ok && state === undefined && !old) {
      throw indexerError("rpc-inconsistent", `${source.name} has no state of block ${String(to)}`);
    }
    const listed = others.find(({ contract, name }) => contract === "sale" && name === "Listed");
    const pool = ours?.pool ?? (listed?.args["id"] as Hex | undefined);
    // A venue names pools, not sales: only now it is known whose they are.
    const own = others.filter(({ contract, args }) => contract !== "venue" || args["id"] === pool);
    if (proof.ok) result.sales.push({ sale, entries, others: own, after: proof.after, pool, state });
    else result.mismatches.push(proof.mismatch);
  }
  return result;
}

/**
 * Whether the other nodes that have the block at which a copy ends hold the same one, and there the same history. Throws
 * `rpcs-disagree`: which of them lies, nobody can tell.
 */
export async function requireAgreement(
  pool: RpcPool,
  end: BlockRef,
  sales: readonly { sale: Address; after: Replayed }[],
): Promise<void> {
  if (pool.sources.length === 1) return;
  const told = await pool.every([
    blockAt(end.number),
    ...sales.flatMap(({ sale }) => selectors.map((selector) => stateCall(sale, selector, end.hash))),
  ]);
  for (const { source, answers } of told) {
    const [header, ...states] = answers;
    const differ = (what: string, got: unknown, wanted: unknown): never => {
      const detail = `${source.name}: ${what} is ${String(got)}, of others ${String(wanted)}`;
      throw indexerError("rpcs-disagree", detail);
    };
    const hash = headerOf(header)?.hash ?? end.hash;
    if (hash !== end.hash) differ(`block ${String(end.number)}`, hash, end.hash);
    for (const [index, { sale, after }] of sales.entries()) {
      const state = stateOf(states.slice(index * selectors.length, (index + 1) * selectors.length));
      if (state === undefined) continue;
      if (state.history !== after.history) differ(`history of ${sale}`, state.history, after.history);
      if (state.raised !== after.raised) differ(`raised of ${sale}`, state.raised, after.raised);
    }
  }
}

async function readHeaders(
  pool: RpcPool,
  source: RpcSource,
  { parent, to, mode }: FetchQuery,
): Promise<Header[]> {
  const numbers =
    mode === "boundary"
      ? [parent, to]
      : Array.from({ length: to - parent + 1 }, (_, index) => parent + index);
  const answers = await pool.askOnce(source, numbers.map(blockAt));
  const headers = answers.map((answer, index) => {
    const header = headerOf(answer);
    if (header !== undefined) return header;
    throw indexerError("rpc-behind", `${source.name} has no block ${String(numbers[index])}`);
  });

  if (mode !== "boundary") {
    headers.reduce((previous, header) => {
      if (header.parent !== previous.hash) {
        throw indexerError(
          "rpc-inconsistent",
          `${source.name}: block ${String(header.number)} has another parent`,
        );
      }
      return header;
    });
  }
  return headers;
}

function logsCall(launches: readonly LaunchContracts[], where: Record<string, Hex>): RpcCall {
  const modules = launches.flatMap(({ vesting, venue, registry }) => [vesting, venue, registry]);
  const shared = new Set(modules.filter((module) => module !== zeroAddress));
  return {
    method: "eth_getLogs",
    params: [{ address: [...launches.map(({ sale }) => sale), ...shared], ...where }],
  };
}

function stateCall(sale: Address, selector: Hex, blockHash: Hex): RpcCall {
  return { method: "eth_call", params: [{ to: sale, data: selector }, { blockHash }] };
}

function stateOf(answers: readonly RpcAnswer[]): SaleState | undefined {
  const words = answers.map((answer) => (answer.ok ? (answer.result as Hex) : "0x"));
  const [history, raised, phase] = words;
  if (!isWord(history) || !isWord(raised) || !isWord(phase)) return undefined;
  return { history: slice(history, 0, 19), raised: BigInt(raised), phase: Number(phase) };
}

function isWord(value: unknown): value is Hex {
  return typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value);
}

function logsOf(source: RpcSource, answer: RpcAnswer): RawLog[] {
  if (!answer.ok)
    throw indexerError("rpc-inconsistent", `${source.name}: eth_getLogs: ${answer.error.message}`);
  if (!Array.isArray(answer.result))
    throw indexerError("rpc-inconsistent", `${source.name}: eth_getLogs: no list`);
  return answer.result as RawLog[];
}

/** In the chain's order, each once: nodes were seen to send a log twice. Most send them so already. */
function inOrder(logs: readonly RawLog[]): readonly RawLog[] {
  const places = logs.map(
    ({ blockNumber, logIndex }) => Number(blockNumber) * LOGS_IN_A_BLOCK + Number(logIndex),
  );
  if (places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0))) return logs;
  const unique = new Map(logs.map((log, index) => [places[index] ?? 0, log]));
  return [...unique].sort(([a], [b]) => a - b).map(([, log]) => log);
}

/** A time of zero is not known yet. */
type Events = { sale: Address; entries: PackedEntries; others: TimedEvent[] };

/** What logs say of each sale; those of blocks that are not the ones we read are a contradiction. */
function eventsOf(
  source: RpcSource,
  logs: readonly RawLog[],
  { sales, parent, to, mode }: FetchQuery,
  known: ReadonlyMap<number, BlockRef>,
): Events[] {
  const collected = sales.map((contracts) => ({
    ...contracts,
    packer: createPacker(),
    others: [] as TimedEvent[],
  }));
  const ours = new Map(collected.map((each) => [each.sale.toLowerCase(), each]));
  const checked = (address: Address) => ours.get(address.toLowerCase())?.sale ?? address;

  let [number, time] = [-1, 0];
  let hash: Hex | undefined;
  for (const log of logs) {
    const address = log.address.toLowerCase();
    const sale = ours.get(address);
    const told = sale === undefined ? toldByModule(log, address, collected) : [];
    if ((sale === undefined && told.length === 0) || log.removed === true) continue;

    const moved = Number(log.blockNumber) !== number;
    if (moved || log.blockHash !== hash) {
      number = Number(log.blockNumber);
      const header = known.get(number);
      const foreign = header === undefined ? mode !== "boundary" : header.hash !== log.blockHash;
      const given = isQuantity(log.blockNumber) && isQuantity(log.blockTimestamp ?? "0x0");
      if (!given || !moved || foreign || number <= parent || number > to) {
        throw indexerError(
          "rpc-inconsistent",
          `${source.name} sent a log of block ${log.blockHash}, which is not in the range`,
        );
      }
      hash = log.blockHash;
      time = header?.time ?? Number(log.blockTimestamp ?? 0);
    }

    const placed = Number(log.logIndex) < LOGS_IN_A_BLOCK;
    if (
      !placed ||
      (sale !== undefined && isEntry(log) ? !sale.packer.add(log, number, time) : !isSound(log))
    ) {
      throw indexerError("rpc-inconsistent", `${source.name} sent a log that no sale can have written`);
    }
    for (const { launch, contract } of told) {
      const event = decodeModuleEvent(log, contract, launch.sale);
      if (event !== undefined) launch.others.push({ ...event, time });
    }
    if (sale === undefined || isEntry(log)) continue;
    const event = decodeSaleEvent(log, checked);
    if (event?.type === "event") sale.others.push({ ...event, time });
  }
  return collected.map(({ sale, packer, others }) => ({ sale, entries: packer.done(), others }));
}

/** Whom a log of a shared module concerns: the sale that it names first; of a venue, which names pools, all that use it. */
function toldByModule<Launch extends LaunchContracts>(
  { topics }: RawLog,
  address: string,
  launches: readonly Launch[],
): { launch: Launch; contract: "vesting" | "venue" | "registry" }[] {
  return launches.flatMap((launch) => {
    const named = topics[1]?.slice(26) === launch.sale.slice(2).toLowerCase();
    const contract = (["vesting", "venue", "registry"] as const).find(
      (module) => launch[module].toLowerCase() === address,
    );
    return contract !== undefined && (named || contract === "venue") ? [{ launch, contract }] : [];
  });
}

/** Block times from headers, where the node did not send them with the logs. */
async function addTimes(
  pool: RpcPool,
  source: RpcSource,
  events: readonly Events[],
  known: Map<number, BlockRef>,
): Promise<void> {
  const missing = new Map<number, Hex>();
  for (const { entries, others } of events) {
    for (let index = 0; index < entries.count; index++) {
      if (numberAt(entries, index, "time") > 0) continue;
      missing.set(numberAt(entries, index, "block"), hexAt(entries, index, "blockHash"));
    }
    for (const { time, block } of others) if (time === 0) missing.set(block.number, block.hash);
  }

  const numbers = [...missing.keys()];
  for (let at = 0; at < numbers.length; at += HEADERS_AT_ONCE) {
    const part = numbers.slice(at, at + HEADERS_AT_ONCE);
    const answers = await pool.askOnce(source, part.map(blockAt));
    for (const [index, number] of part.entries()) {
      const header = headerOf(answers[index]);
      if (header === undefined) {
        throw indexerError("rpc-behind", `${source.name} has no block ${String(number)}`);
      }
      if (header.hash !== missing.get(number)) {
        throw indexerError(
          "rpc-inconsistent",
          `${source.name}: block ${String(number)} is not the one of its logs`,
        );
      }
      known.set(number, header);
    }
  }

  if (missing.size === 0) return;
  const timeOf = (number: number, time: number) => known.get(number)?.time ?? time;
  for (const { entries, others } of events) {
    for (let index = 0; index < entries.count; index++)
      setTime(entries, index, timeOf(numberAt(entries, index, "block"), numberAt(entries, index, "time")));
    for (const event of others) event.time = timeOf(event.block.number, event.time);
  }
}
