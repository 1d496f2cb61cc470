import { SlipwayError } from "../sdk/problem.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { Clock } from "./clock.ts";
import { createRpcSource, type RpcAnswer, type RpcCall, type RpcSource } from "./rpcSource.ts";

/** Several nodes of one chain as one. */
export type RpcPool = {
  sources: readonly RpcSource[];
  /** One call, by whichever node answers; throws `rpc-unreachable`, or `rpc-refused` when the node says no. */
  request: (call: RpcCall) => Promise<unknown>;
  /** Calls in one HTTP request, answered by one node; its errors are answers. Throws `rpc-unreachable`. */
  batch: (calls: readonly RpcCall[]) => Promise<{ source: RpcSource; answers: RpcAnswer[] }>;
  /** The same of one given node, with the same patience. */
  ask: (source: RpcSource, calls: readonly RpcCall[]) => Promise<RpcAnswer[]>;
  /** Those to turn to now: all but the ones that hung of late, unless all did. */
  awake: () => readonly RpcSource[];
  /** One request of one given node; patiently where there is no other to turn to. */
  askOnce: (source: RpcSource, calls: readonly RpcCall[]) => Promise<RpcAnswer[]>;
  /** The same calls of each node that is awake, once and at the same time; those that fail are left out. Throws where all do. */
  every: (calls: readonly RpcCall[]) => Promise<{ source: RpcSource; answers: RpcAnswer[] }[]>;
};

export type RpcPoolOptions = {
  urls: readonly string[];
  clock: Clock;
  /** In [0, 1): the jitter of waits. */
  random?: () => number;
  timeoutMs?: number;
  /** Tries before giving up, over all nodes. */
  attempts?: number;
  fetch?: typeof globalThis.fetch;
  /** Ends waits and requests. */
  signal?: AbortSignal;
};

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;
/** So long a node that hung is not asked where others are. */
const REST_MS = 60_000;

/**
 * Each request begins at the next node in turn; a node that fails (no answer, 429, 5xx, not JSON) is followed by the
 * next, and after each full turn comes a wait that doubles, with full jitter.
 */
export function createRpcPool(options: RpcPoolOptions): RpcPool {
  const { urls, clock, random = Math.random, timeoutMs = 10_000, attempts = 8, signal } = options;
  const sources = urls.map((url) =>
    createRpcSource({
      url,
      clock,
      timeoutMs,
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    }),
  );
  let turn = 0;

  async function patiently<T>(
    order: readonly RpcSource[],
    work: (source: RpcSource) => Promise<T>,
  ): Promise<T> {
    let last: SlipwayError | undefined;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (signal?.aborted === true) break;
      const source = order[attempt % order.length];
      if (source === undefined) break;
      try {
        return await work(source);
      } catch (error) {
        if (!(error instanceof SlipwayError) || !error.retryable) throw error;
        last = error;
      }
      const round = Math.floor(attempt / order.length);
      const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** round);
      if ((attempt + 1) % order.length === 0 && attempt + 1 < attempts)
        await clock.sleep(random() * ceiling, signal);
    }
    throw last ?? indexerError("rpc-unreachable", "stopped");
  }

  function inTurn(): RpcSource[] {
    const some = awake();
    const start = turn++ % some.length;
    return [...some.slice(start), ...some.slice(0, start)];
  }

  function awake(): readonly RpcSource[] {
    const now = clock.now();
    // A clock that was put back makes nobody rest for longer.
    const rested = sources.filter(
      ({ hungAt }) => hungAt === undefined || now < hungAt || now >= hungAt + REST_MS,
    );
    return rested.length === 0 ? sources : rested;
  }

  const ask: RpcPool["ask"] = (source, calls) => patiently([source], (one) => one.send(calls, signal));
  const askOnce: RpcPool["ask"] = (source, calls) =>
    sources.length === 1 ? ask(source, calls) : source.send(calls, signal);

  const batch: RpcPool["batch"] = (calls) =>
    patiently(inTurn(), async (source) => ({ source, answers: await source.send(calls, signal) }));

  return {
    sources,
    batch,
    ...{ ask, awake, askOnce },
    async every(calls) {
      const told = await Promise.all(
        awake().map(async (source) => {
          try {
            return [{ source, answers: await askOnce(source, calls) }];
          } catch (error) {
            if (!(error instanceof SlipwayError) || !error.retryable) throw error;
            return [];
          }
        }),
      );
      const answered = told.flat();
      return answered.length > 0 ? answered : [await batch(calls)];
    },
    async request(call) {
      const { source, answers } = await batch([call]);
      return resultOf(source, call, answers[0]);
    },
  };
}

/** The result of an answer, or `rpc-refused` with what the node said. */
export function resultOf(source: RpcSource, call: RpcCall, answer: RpcAnswer | undefined): unknown {
  if (answer?.ok === true) return answer.result;
  throw indexerError(
    "rpc-refused",
    `${source.name}: ${call.method}: ${answer?.error.message ?? "no answer"}`,
  );
}
