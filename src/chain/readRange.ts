import { slice, toFunctionSelector, type Address, type Hex } from "viem";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { Replayed } from "../sdk/replay.ts";
import { blockAt, headerOf, quantity, refOf, type BlockRef, type Header } from "./blocks.ts";
import { proveSale, type Mismatch, type SaleState } from "./proveSale.ts";
import type { RpcPool } from "./rpcPool.ts";
import { isTooLarge, type RpcAnswer, type RpcCall, type RpcSource } from "./rpcSource.ts";
import { decodeSaleEvent, isSound, type RawLog, type SaleEvent } from "./saleEvents.ts";

export type RangeSale = { sale: Address; before: Replayed };

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
};

export type SaleRange = {
  sale: Address;
  events: TimedEvent[];
  after: Replayed;
  state: SaleState | undefined;
};
export type TimedEvent = SaleEvent & { time: number };

export type RangeAnswer =
  /** `headers`: those read after `parent`, ascending, the last is `to`. */
  | { type: "range"; headers: BlockRef[]; sales: SaleRange[]; mismatches: Mismatch[] }
  /** The node holds another block where `parent` should be. */
  | { type: "fork" }
  | { type: "too-large" };

const selectors = ["history()", "raised()", "phase()"].map((signature) => toFunctionSelector(signature));

/** Headers in one request at most. */
const HEADERS_AT_ONCE = 100;

/**
 * Reads one range from one node and proves it. All that is read is tied to block hashes: the logs to the headers, the
 * headers to our chain, the state to the last block's hash, so that answers from two forks cannot mix.
 *
 * Throws `rpc-behind` when the node lacks a block, `rpc-inconsistent` when its answers contradict each other.
 */
export async function readRange(pool: RpcPool, source: RpcSource, query: RangeQuery): Promise<RangeAnswer> {
  const { sales, parent, to, mode } = query;
  const headers = await readHeaders(pool, source, query);
  if (headers === "fork") return { type: "fork" };
  const last = headers.at(-1);
  if (last === undefined) throw indexerError("rpc-behind", `${source.name} has no block ${String(to)}`);

  const logCalls: RpcCall[] =
    mode === "byHash"
      ? headers.map((header) => logsCall(sales, { blockHash: header.hash }))
      : [logsCall(sales, { fromBlock: quantity(parent.number + 1), toBlock: quantity(to) })];
  const stateCalls = sales.flatMap(({ sale }) =>
    selectors.map((selector) => stateCall(sale, selector, last.hash)),
  );
  const answers = await pool.ask(source, [...logCalls, ...stateCalls, blockAt(to)]);

  if (headerOf(answers.at(-1))?.hash !== last.hash) {
    throw indexerError("rpc-inconsistent", `${source.name} changed its mind about block ${String(to)}`);
  }
  const logAnswers = answers.slice(0, logCalls.length);
  if (logAnswers.some((answer) => !answer.ok && isTooLarge(answer.error))) return { type: "too-large" };

  const known = new Map<number, BlockRef>([parent, ...headers].map((header) => [header.number, header]));
  const events = ordered(
    logAnswers.flatMap((answer) => eventsOf(source, answer, query, known, mode !== "boundary")),
  );
  const timed = await withTimes(pool, source, events, known);

  const result: Extract<RangeAnswer, { type: "range" }> = {
    type: "range",
    headers: headers.map(refOf),
    sales: [],
    mismatches: [],
  };
  for (const [index, { sale, before }] of sales.entries()) {
    const own = timed.filter((event) => event.sale === sale);
    const at = logCalls.length + index * selectors.length;
    const state = stateOf(answers.slice(at, at + selectors.length));
    // Near the head every node has the state; without it nothing would prove that the last log is there.
    if (state === undefined && mode !== "boundary") {
      throw indexerError("rpc-inconsistent", `${source.name} has no state of block ${String(to)}`);
    }
    const proof = proveSale({ sale, before, events: own, state, block: to });
    if (proof.ok) result.sales.push({ sale, events: own, after: proof.after, state });
    else result.mismatches.push(proof.mismatch);
  }
  return result;
}

async function readHeaders(
  pool: RpcPool,
  source: RpcSource,
  { parent, to, mode }: RangeQuery,
): Promise<Header[] | "fork"> {
  const numbers =
    mode === "boundary"
      ? [to]
      : Array.from({ length: to - parent.number }, (_, index) => parent.number + 1 + index);
  const answers = await pool.ask(source, [parent.number, ...numbers].map(blockAt));
  const [before, ...headers] = answers.map((answer, index) => {
    const header = headerOf(answer);
    if (header !== undefined) return header;
    throw indexerError(
      "rpc-behind",
      `${source.name} has no block ${String([parent.number, ...numbers][index])}`,
    );
  });

  if (before?.hash !== parent.hash) return "fork";
  if (mode !== "boundary") {
    headers.reduce((previous, header) => {
      if (header.parent !== previous.hash) {
        throw indexerError(
          "rpc-inconsistent",
          `${source.name}: block ${String(header.number)} has another parent`,
        );
      }
      return header;
    }, before);
  }
  return headers;
}

function logsCall(sales: readonly RangeSale[], where: Record<string, Hex>): RpcCall {
  return { method: "eth_getLogs", params: [{ address: sales.map(({ sale }) => sale), ...where }] };
}

function stateCall(sale: Address, selector: Hex, blockHash: Hex): RpcCall {
  return { method: "eth_call", params: [{ to: sale, data: selector }, { blockHash }] };
}

function stateOf(answers: readonly RpcAnswer[]): SaleState | undefined {
  const words = answers.map((answer) => (answer.ok ? (answer.result as Hex) : "0x"));
  const [history, raised, phase] = words;
  if (history?.length !== 66 || raised?.length !== 66 || phase?.length !== 66) return undefined;
  return { history: slice(history, 0, 19), raised: BigInt(raised), phase: Number(phase) };
}

/** The events in one answer about logs; those of blocks that are not the ones we read are a contradiction. */
function eventsOf(
  source: RpcSource,
  answer: RpcAnswer,
  { sales, parent, to }: RangeQuery,
  known: ReadonlyMap<number, BlockRef>,
  allKnown: boolean,
): SaleEvent[] {
  if (!answer.ok)
    throw indexerError("rpc-inconsistent", `${source.name}: eth_getLogs: ${answer.error.message}`);
  if (!Array.isArray(answer.result))
    throw indexerError("rpc-inconsistent", `${source.name}: eth_getLogs: no list`);

  const ours = new Map(sales.map(({ sale }) => [sale.toLowerCase(), sale]));
  const checked = (address: Address) => ours.get(address.toLowerCase()) ?? address;
  return (answer.result as RawLog[]).flatMap((log) => {
    if (!ours.has(log.address.toLowerCase()) || log.removed === true) return [];
    if (!isSound(log)) {
      throw indexerError("rpc-inconsistent", `${source.name} sent a log that is not made of words in hex`);
    }
    const event = decodeSaleEvent(log, checked);
    if (event === undefined) return [];

    const { number, hash } = event.block;
    const header = known.get(number);
    const foreign = header === undefined ? allKnown : header.hash !== hash;
    if (foreign || number <= parent.number || number > to) {
      throw indexerError(
        "rpc-inconsistent",
        `${source.name} sent a log of block ${hash}, which is not in the range`,
      );
    }
    return [event];
  });
}

/** In the chain's order, each once: nodes were seen to send a log twice. */
function ordered(events: readonly SaleEvent[]): SaleEvent[] {
  const unique = new Map(
    events.map((event) => [`${String(event.block.number)}.${String(event.logIndex)}`, event]),
  );
  return [...unique.values()].sort((a, b) => a.block.number - b.block.number || a.logIndex - b.logIndex);
}

async function withTimes(
  pool: RpcPool,
  source: RpcSource,
  events: readonly SaleEvent[],
  known: Map<number, BlockRef>,
): Promise<TimedEvent[]> {
  const missing = new Map(
    events
      .filter(({ time, block }) => time === undefined && !known.has(block.number))
      .map((event) => [event.block.number, event]),
  );
  const numbers = [...missing.keys()];
  for (let at = 0; at < numbers.length; at += HEADERS_AT_ONCE) {
    const part = numbers.slice(at, at + HEADERS_AT_ONCE);
    const answers = await pool.ask(source, part.map(blockAt));
    for (const [index, number] of part.entries()) {
      const header = headerOf(answers[index]);
      if (header === undefined) {
        throw indexerError("rpc-behind", `${source.name} has no block ${String(number)}`);
      }
      if (header.hash !== missing.get(number)?.block.hash) {
        throw indexerError(
          "rpc-inconsistent",
          `${source.name}: block ${String(number)} is not the one of its logs`,
        );
      }
      known.set(number, header);
    }
  }
  return events.map((event) =>
    Object.assign(event, { time: known.get(event.block.number)?.time ?? event.time ?? 0 }),
  );
}
