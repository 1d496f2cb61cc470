import { setTimeout as wait } from "node:timers/promises";

/** Time as services see it; injected, so that no test waits. */
export type Clock = {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A signal that is aborted after `ms`. */
  deadline: (ms: number) => AbortSignal;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
  deadline: (ms) => AbortSignal.timeout(ms),
};
