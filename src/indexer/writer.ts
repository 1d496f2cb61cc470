import { Client, types, type ClientBase } from "pg";
import type { Logger } from "pino";
import type { Clock } from "../chain/clock.ts";
import type { Finality } from "../chain/finality.ts";
import { createFollower } from "../chain/follower.ts";
import type { HeadHints } from "../chain/headHints.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import { indexerErrors } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { SlipwayError } from "../sdk/problem.ts";
import { isConnectionFailure } from "./problems.ts";
import { makeReadIndexes } from "./readIndexes.ts";
import type { Status } from "./status.ts";
import { createStore, noteSeen, register } from "./store.ts";

/** "indexer" in ASCII, with the schema: several indexers in schemas of one database have a lease each. */
export const LEASE = "hashtextextended(current_schema(), 29669568543548786)";

const LONGEST_WAIT_MS = 30_000;
/** The same head is noted again, so that readers know that it was looked at. */
const NOTE_EVERY_MS = 2_000;

export type WriterOptions = {
  url: string;
  pool: RpcPool;
  records: readonly LaunchRecord[];
  finality: Finality;
  clock: Clock;
  pollMs: number;
  /** What ends a pause between two looks sooner. */
  hints: HeadHints;
  status: Status;
  log: Logger;
  signal: AbortSignal;
};

/**
 * Copies the chain until `signal`. Only the process that holds the lease writes; the lease is an advisory lock of the
 * very connection that writes, so it ends with the process, and a writer that was cut off cannot write any more. Others
 * wait and take over.
 */
export async function runWriter(options: WriterOptions): Promise<void> {
  const { clock, pollMs, status, log, signal } = options;
  const stopped = () => signal.aborted;
  while (!stopped()) {
    const client = new Client({
      ...{ connectionString: options.url, application_name: "slipway-indexer-writer", keepAlive: true },
    });
    client.on("error", (error) => {
      log.warn({ err: error }, "the writer's connection broke");
    });
    try {
      await client.connect();
      client.setTypeParser(types.builtins.INT8, BigInt);
      if (await takeLease(client, options)) await write(client, options);
    } catch (error) {
      if (stopped()) return;
      fail(status, error);
      log.error({ err: error }, "copying stopped for now");
    } finally {
      status.writing = false;
      await client.end().catch(() => undefined);
    }
    if (!stopped()) await clock.sleep(pollMs, signal);
  }
}

async function takeLease(client: Client, { signal, log, status }: WriterOptions): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${LEASE}) AS held`);
  if (rows[0]?.held === true) return true;
  log.info({ event: "standby" }, "another process copies; this one only reads until it can take over");
  status.behind = false;
  status.failure = undefined;

  // In the database's own queue: the lease is handed on the moment that the other's connection ends.
  if (signal.aborted) return false;
  const leave = () => void client.end().catch(() => undefined);
  signal.addEventListener("abort", leave);
  try {
    await client.query("SET statement_timeout = 0");
    await client.query(`SELECT pg_advisory_lock(${LEASE})`);
    return !signal.aborted;
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

async function write(client: ClientBase, options: WriterOptions): Promise<void> {
  const { pool, clock, hints, finality, status, signal, log, pollMs, records } = options;
  await register(client, records);
  const follower = createFollower({
    ...{ pool, clock, finality },
    store: createStore(client, records),
  });
  status.writing = true;
  status.behind = true;
  log.info({ event: "copying" }, "this process copies the chain");

  const stopped = () => signal.aborted;
  let notedAt = -Infinity;
  for (let [failures, indexed] = [0, false]; !stopped();) {
    try {
      const { head, behind } = await follower.pass();
      if (!behind && !indexed) await makeReadIndexes(client);
      indexed ||= !behind;
      const now = clock.now();
      if (now - notedAt >= NOTE_EVERY_MS || (!behind && head.number !== status.head?.number)) {
        await noteSeen(client, head, now);
        notedAt = now;
      }
      status.head = { number: head.number, time: head.time, seenAt: now };
      status.behind = behind;
      status.failure = undefined;
      failures = 0;
      if (!behind) await hints.pause(pollMs);
    } catch (error) {
      if (stopped()) return;
      fail(status, error);
      if (!(error instanceof SlipwayError)) throw error; // of the database: a new connection, a new lease
      const wait = Math.min(LONGEST_WAIT_MS, pollMs * 2 ** Math.min(failures, 10));
      if (failures++ === 0 || error.code === "anchor-broken")
        log.error({ code: error.code, err: error }, error.message);
      await clock.sleep(wait, signal);
    }
  }
}

function fail(status: Status, error: unknown): void {
  status.behind = true;
  if (error instanceof SlipwayError) {
    status.failure = { code: error.code, message: error.message, wayOut: error.wayOut };
    return;
  }
  const code = isConnectionFailure(error) ? "database-unreachable" : "internal";
  status.failure = { code, message: indexerErrors[code].title, wayOut: indexerErrors[code].wayOut };
}
