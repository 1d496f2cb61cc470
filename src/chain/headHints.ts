import type { Clock } from "./clock.ts";

/**
 * When to look at the chain again. Looking is the truth: a node that tells of a new block over a websocket only ends a
 * pause sooner, and what it says of the block is not read.
 */
export type HeadHints = {
  /** Passes after `ms`, or sooner where a new block was told of since the last pause. */
  pause: (ms: number) => Promise<void>;
};

/** However many blocks are told of. */
const LEAST_PAUSE_MS = 50;
/** A socket that says nothing for so long is opened anew. */
const SILENCE_MS = 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

const SUBSCRIBE = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] });

/** Listens at each of `urls` (ws or wss) until `signal`; where the runtime has no WebSocket, at none. */
export function createHeadHints({
  urls,
  clock,
  signal,
}: {
  urls: readonly string[];
  clock: Clock;
  signal: AbortSignal;
}): HeadHints {
  let wake = new AbortController();
  const hasEnded = () => signal.aborted;
  signal.addEventListener("abort", () => {
    wake.abort();
  });

  async function listen(url: string): Promise<void> {
    for (let failures = 0; !hasEnded();) {
      const heard = await hear(url);
      failures = heard ? 0 : failures + 1;
      await clock.sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures), signal);
    }
  }

  /** One socket until it ends; whether it told of a block. */
  async function hear(url: string): Promise<boolean> {
    const ended = new AbortController();
    const end = () => {
      ended.abort();
    };
    signal.addEventListener("abort", end);
    const socket = new WebSocket(url);
    let [heard, silent] = [false, false];
    socket.onopen = () => {
      socket.send(SUBSCRIBE);
    };
    socket.onmessage = ({ data }) => {
      silent = false;
      if (typeof data !== "string" || !data.includes('"eth_subscription"')) return;
      heard = true;
      wake.abort();
    };
    socket.onerror = end;
    socket.onclose = end;

    while (!ended.signal.aborted && !silent) {
      silent = true;
      await clock.sleep(SILENCE_MS, ended.signal);
    }
    signal.removeEventListener("abort", end);
    socket.close();
    return heard;
  }

  if (typeof WebSocket !== "undefined") for (const url of urls) void listen(url);

  return {
    async pause(ms) {
      await clock.sleep(Math.min(ms, LEAST_PAUSE_MS), signal);
      await clock.sleep(Math.max(0, ms - LEAST_PAUSE_MS), wake.signal);
      if (!hasEnded()) wake = new AbortController();
    },
  };
}
