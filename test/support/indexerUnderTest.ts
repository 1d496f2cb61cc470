import type { Clock } from "../../src/chain/clock.ts";
import { createFollower, type Follower } from "../../src/chain/follower.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { createQueries } from "../../src/indexer/queries.ts";
import { createStore, register } from "../../src/indexer/store.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { testDatabase } from "./postgres.ts";

/** Waits pass at once; deadlines never come unless a test brings them. */
export function instantClock(deadline: () => AbortSignal = () => new AbortController().signal): Clock {
  return { now: () => 0, sleep: () => new Promise((done) => setImmediate(done)), deadline };
}

export const FINALITY_DEPTH = 8;

/** The real follower and store on a database of its own, one pass at a time. */
export async function indexerUnderTest({
  urls,
  records,
  clock = instantClock(),
  databaseUrl,
  range,
}: {
  urls: readonly string[];
  records: readonly LaunchRecord[];
  clock?: Clock;
  databaseUrl?: string;
  range?: { first: number; most: number };
}) {
  const url = databaseUrl ?? (await testDatabase());
  const database = createPool({ connectionString: url, applicationName: "indexer-under-test" });
  await migrate(database, readMigrations(new URL("../../src/indexer/migrations", import.meta.url).pathname));
  const client = await database.connect();
  await register(client, records);

  const pool = createRpcPool({ urls, clock, random: () => 0.5 });
  const store = createStore(client, records);
  const newFollower = (): Follower =>
    createFollower({
      ...{ pool, clock, store, finality: { kind: "depth", depth: FINALITY_DEPTH } },
      ...(range === undefined ? {} : { range }),
    });
  let follower = newFollower();

  return {
    databaseUrl: url,
    database,
    client,
    pool,
    store,
    queries: createQueries(database, records, clock),
    pass: () => follower.pass(),
    /** As after a restart: nothing is remembered but what is stored. */
    restart() {
      follower = newFollower();
    },
    /** Passes until nothing is left to read. */
    async catchUp(mostPasses = 500) {
      for (let passes = 0; passes < mostPasses; passes++) {
        if (!(await follower.pass()).behind) return;
      }
      throw new Error(`not caught up after ${String(mostPasses)} passes`);
    },
    async close() {
      client.release();
      await database.end();
    },
  };
}
