import { SlipwayError } from "./problem.ts";

/** How a client asks again what may pass by itself: no answer, a busy or failing server, "come back in n seconds". */
export type RetryOptions = {
  /** Asks at most so often in all. */
  attempts?: number;
  /** Gives one request so long. */
  timeoutMs?: number;
  wait?: (ms: number) => Promise<void>;
};

const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;

/** Without options it asks once, for as long as that takes. The error of the last attempt is thrown. */
export async function retrying<T>(
  ask: (signal: AbortSignal | undefined) => Promise<T>,
  options: RetryOptions | undefined,
): Promise<T> {
  const { attempts = 6, timeoutMs = 15_000, wait = sleep } = options ?? { attempts: 1 };
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(options === undefined ? undefined : AbortSignal.timeout(timeoutMs));
    } catch (error) {
      if (!(error instanceof SlipwayError) || !error.retryable || attempt >= attempts) throw error;
      const backoff = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
      // Many that failed together do not come back together.
      await wait(Math.max(backoff, error.retryAfterSeconds * 1000) * (1 + Math.random() / 4));
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
