import { indexerError } from "../sdk/indexerErrors.ts";
import type { Clock } from "./clock.ts";

export type RpcCall = { method: string; params: readonly unknown[] };
export type RpcFault = { code: number; message: string };
export type RpcAnswer = { ok: true; result: unknown } | { ok: false; error: RpcFault };

/** One node behind one URL. */
export type RpcSource = {
  /** The URL's host; never the path, which often holds a key. */
  name: string;
  /** When it last gave no answer in time, by the clock; undefined once it has answered since. */
  hungAt: number | undefined;
  /** One HTTP request; answers in the order of `calls`. Throws `rpc-unreachable` unless all are there. */
  send: (calls: readonly RpcCall[], signal?: AbortSignal) => Promise<RpcAnswer[]>;
};

/** Codes by which providers say "not so fast". */
const RATE_LIMITED = new Set([429, -32005, -32016, -32097]);

/** A range that a provider refuses for its size: asked again in halves, not elsewhere. */
export function isTooLarge({ message }: RpcFault): boolean {
  return /too (large|many|big)|more than|limit(ed)? (to|exceeded)|exceeds|block range|response size/i.test(
    message,
  );
}

export function createRpcSource({
  url,
  clock,
  timeoutMs,
  fetch: send = globalThis.fetch,
}: {
  url: string;
  clock: Clock;
  timeoutMs: number;
  fetch?: typeof globalThis.fetch;
}): RpcSource {
  const name = new URL(url).host;
  let id = 0;

  const source: RpcSource = {
    name,
    hungAt: undefined,
    async send(calls, signal) {
      const first = id + 1;
      id += calls.length;
      const body = calls.map((call, index) => ({ jsonrpc: "2.0", id: first + index, ...call }));

      const limit = clock.deadline(timeoutMs);
      const until = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      let text: string;
      try {
        text = await post(send, url, name, body, until);
      } catch (error) {
        if (limit.aborted) source.hungAt = clock.now();
        throw error;
      }
      source.hungAt = undefined;
      return inOrder(text, first, calls.length, name);
    },
  };
  return source;
}

async function post(
  send: typeof globalThis.fetch,
  url: string,
  name: string,
  body: readonly unknown[],
  signal: AbortSignal,
): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await send(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // A batch of one is no batch: some nodes serve none.
      body: JSON.stringify(body.length === 1 ? body[0] : body),
      signal,
    });
    text = await textOf(response);
  } catch (cause) {
    // The cause of fetch may name the URL and with it a key.
    const why = signal.aborted
      ? "no answer in time"
      : cause instanceof RangeError
        ? "the answer is too large"
        : causeCode(cause);
    throw indexerError("rpc-unreachable", `${name}: ${why}`);
  }
  if (!response.ok) throw indexerError("rpc-unreachable", `${name}: HTTP ${String(response.status)}`);
  return text;
}

/** Bytes of an answer at most, unpacked: far more than a range of events takes. */
const LARGEST_ANSWER = 2 ** 27;

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > LARGEST_ANSWER) throw new RangeError("too large");
    parts.push(part);
  }
  return Buffer.concat(parts, size).toString();
}

function inOrder(text: string, first: number, count: number, name: string): RpcAnswer[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw indexerError("rpc-unreachable", `${name}: the answer is not JSON`);
  }

  const list: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const answers = new Map<number, RpcAnswer>();
  for (const item of list) {
    const answer = (item ?? {}) as { id?: unknown; result?: unknown; error?: Partial<RpcFault> | null };
    if (answer.error != null) {
      const { code = 0, message = "" } = answer.error;
      const error = { code, message };
      if (RATE_LIMITED.has(error.code) && !isTooLarge(error)) {
        throw indexerError("rpc-unreachable", `${name}: rate limited`);
      }
      answers.set(Number(answer.id), { ok: false, error });
    } else if (answer.result !== undefined) {
      if (answers.has(Number(answer.id))) throw indexerError("rpc-unreachable", `${name}: an id came twice`);
      answers.set(Number(answer.id), { ok: true, result: answer.result });
    }
  }

  return Array.from({ length: count }, (_, index) => {
    const answer = answers.get(first + index);
    if (answer === undefined) throw indexerError("rpc-unreachable", `${name}: an answer is missing`);
    return answer;
  });
}

function causeCode(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } }).cause;
  return typeof cause?.code === "string" ? cause.code : "connection failed";
}
