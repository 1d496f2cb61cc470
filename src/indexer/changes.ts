import { Client, type Pool } from "pg";
import type { Clock } from "../chain/clock.ts";
import { CHANNEL } from "./store.ts";

/** Tells whoever listens that the copy has moved, whichever process wrote it. */
export type Changes = {
  subscribe: (listener: () => void) => () => void;
  stop: () => Promise<void>;
};

const RECONNECT_MS = 1_000;

/**
 * The same on a standby, which sends no notifications: looks every `everyMs` whether the copy is another one, until `signal`.
 */
export function lookForChanges({
  pool,
  clock,
  everyMs,
  signal,
}: {
  pool: Pool;
  clock: Clock;
  everyMs: number;
  signal: AbortSignal;
}): Changes {
  const listeners = new Set<() => void>();
  const hasEnded = () => signal.aborted;
  const loop = (async () => {
    for (let last: string | undefined; !hasEnded();) {
      await clock.sleep(everyMs, signal);
      // Where the database is away, `readyz` says so.
      const seen = await pool.query<{ copy: string }>(COPY).catch(() => undefined);
      const copy = seen?.rows[0]?.copy;
      if (copy === undefined || copy === last) continue;
      last = copy;
      for (const listener of listeners) listener();
    }
  })();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => loop,
  };
}

/** Every step changes one of these. */
const COPY = `
  SELECT md5(concat((SELECT string_agg(c::text, ' ') FROM chain c), (SELECT encode(hash, 'hex') FROM checkpoints ORDER BY number DESC LIMIT 1),
    (SELECT string_agg(s::text, ' ' ORDER BY id) FROM sales s))) AS copy`;

export function listenForChanges({ url, clock }: { url: string; clock: Clock }): Changes {
  const listeners = new Set<() => void>();
  const ended = new AbortController();
  const hasEnded = () => ended.signal.aborted;
  const notify = () => {
    for (const listener of listeners) listener();
  };

  async function listenOnce(): Promise<void> {
    const client = new Client({ connectionString: url, application_name: "slipway-indexer-changes" });
    const broken = new Promise<void>((done) => {
      client.on("error", () => {
        done();
      });
      client.on("end", done);
    });
    const stopped = new Promise<void>((done) => {
      ended.signal.addEventListener("abort", () => {
        done();
      });
    });
    try {
      client.on("notification", notify);
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      notify(); // what was missed while nobody listened
      await Promise.race([broken, stopped]);
    } catch {
      // The database is away: `readyz` says so, here we only try again.
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  const loop = (async () => {
    while (!hasEnded()) {
      await listenOnce();
      if (!hasEnded()) await clock.sleep(RECONNECT_MS, ended.signal);
    }
  })();

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      ended.abort();
      await loop;
    },
  };
}
