import { Client } from "pg";
import type { Clock } from "../chain/clock.ts";
import { CHANNEL } from "./store.ts";

/** Tells whoever listens that the copy has moved, whichever process wrote it. */
export type Changes = {
  subscribe: (listener: () => void) => () => void;
  stop: () => Promise<void>;
};

const RECONNECT_MS = 1_000;

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
