// npm run bench -- indexer [--events N] [--json]: the indexer as a process on a synthetic chain, beside COPY of the same
// rows into the same tables with the same keys and indexes.
import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Pool, PoolClient } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { zeroAddress, type Address, type Hex } from "viem";
import { saleCreation } from "../deploy/saleCreation.ts";
import { databaseFor } from "../src/database/databaseFor.ts";
import { migrate, readMigrations } from "../src/database/migrate.ts";
import { createPool } from "../src/database/pool.ts";
import { makeReadIndexes } from "../src/indexer/readIndexes.ts";
import { createIndexerClient, type IndexerClient } from "../src/sdk/indexerClient.ts";
import type { LaunchRecord } from "../src/sdk/launchRecord.ts";
import { termsHash } from "../src/sdk/terms.ts";
import { openTerms } from "../test/support/indexerChain.ts";
import { startIndexerProcess } from "../test/support/indexerProcess.ts";
import { testDatabase } from "../test/support/postgres.ts";

const terms = openTerms(1_700_000_000n, zeroAddress, zeroAddress);
const SALE = saleCreation(terms).sale.address;
const POLL_MS = 200;
const LIVE_BLOCKS = 100;
const QUERIES = 1000;
/** In a second of Linux' processor time. */
const CLOCK_TICKS = 100;

export async function run(args: string[]): Promise<void> {
  const options = { events: { type: "string" }, json: { type: "boolean" } } as const;
  const { values } = parseArgs({ args, options });
  const events = Number(values.events ?? "1000000");
  if (!Number.isInteger(events) || events < 1000) throw new RangeError("--events: wanted 1000 or more");

  const record = recordOf();
  const chain = await startChain(record, events);
  const databaseUrl = await testDatabase();
  const { url } = await databaseFor("indexer", { DATABASE_URL: databaseUrl });
  const database = createPool({ connectionString: url, applicationName: "bench" });
  const indexer = await startIndexerProcess({
    ...{ databaseUrl, rpcUrl: chain.url, records: [record] },
    env: { POLL_MS: String(POLL_MS) },
  });
  const client = createIndexerClient({ url: indexer.url });
  const end = () => {
    indexer.kill("SIGKILL");
    chain.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  process.once("exit", end);
  try {
    const started = performance.now();
    await copied(database, events, client);
    const seconds = (performance.now() - started) / 1000;
    const peakMb = peakOf(indexer.child.pid ?? 0);
    const writer = await backendOf(database, "slipway-indexer-writer");
    const microsOf = (pid: number | undefined) => Number(((cpuSecondsOf(pid) * 1e6) / events).toFixed(1));
    const cpu = {
      indexerMicros: microsOf(indexer.child.pid),
      postgresMicros: microsOf(writer),
      chainMicros: microsOf(chain.pid),
    };
    const lags = await lagsOf(client, chain.url, events);
    const queries = await queriesOf(client);
    indexer.kill("SIGTERM");
    await indexer.ended;
    const copy = await copyAgain(database);
    const copyRowsPerSecond = events / copy.seconds;

    const eventsPerSecond = events / seconds;
    const result = {
      ...{
        events,
        eventsPerSecond: Math.round(eventsPerSecond),
        copyRowsPerSecond: Math.round(copyRowsPerSecond),
      },
      ratioCopy: Number((eventsPerSecond / copyRowsPerSecond).toFixed(3)),
      ...{ peakMb, pollMs: POLL_MS, lagP50Ms: percentile(lags, 0.5), lagP99Ms: percentile(lags, 0.99) },
      queryP99Ms: percentile(queries, 0.99),
      ...cpu,
      copyMicros: Number(((copy.cpuSeconds * 1e6) / events).toFixed(1)),
    };
    for (const [name, value] of Object.entries(result))
      console.log(`  ${name.padEnd(20)}${value.toLocaleString("en-US").padStart(12)}`);
    if (values.json === true) console.log(JSON.stringify(result));
  } finally {
    end();
    await database.end();
  }
}

function recordOf(): LaunchRecord {
  return {
    chainId: 31337,
    ...{ sale: SALE, token: zeroAddress, currency: zeroAddress, venue: zeroAddress, vesting: zeroAddress },
    ...{
      registry: zeroAddress,
      termsHash: termsHash(terms),
      policyHash: `0x${"00".repeat(32)}`,
      startBlock: 1n,
      terms,
    },
    policy: {
      ...{ version: 1n, tiers: [], deniedCountries: [], walletsPerPerson: 1n },
      ...{ decisionMaxAgeSeconds: 1n, requestsPerMinute: 1n },
    },
  };
}

async function startChain(record: { sale: Address; termsHash: Hex }, events: number) {
  const program = fileURLToPath(new URL("indexer/syntheticChain.ts", import.meta.url));
  const setting = JSON.stringify({ sale: record.sale, termsHash: record.termsHash, events });
  const child = spawn(process.execPath, ["--import", "tsx", program, setting], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<number>((done, fail) => {
    child.stdout.once("data", (data: Buffer) => {
      done((JSON.parse(data.toString()) as { port: number }).port);
    });
    child.once("exit", () => {
      fail(new Error("the synthetic chain ended"));
    });
  });
  return { url: `http://127.0.0.1:${String(port)}`, pid: child.pid, stop: () => child.kill("SIGKILL") };
}

/** All events are in, and the indexer serves them: its indexes are made. */
async function copied(database: Pool, events: number, client: IndexerClient): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ sequence: bigint }>("SELECT sequence FROM sales");
    if (Number(rows[0]?.sequence ?? 0) >= events && (await client.sale(SALE)).status === "live") return;
    await pause(20);
  }
}

/** Resident memory of a process at its highest, MB; Linux only. */
function peakOf(pid: number): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  return Math.round(Number(found?.[1] ?? 0) / 1024);
}

/** Process of the server that serves the connection of that name. */
async function backendOf(database: Pool | PoolClient, name: string): Promise<number | undefined> {
  const { rows } = await database.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
    [name],
  );
  return rows[0]?.pid;
}

/** Processor time that a process has taken so far, which the work of others changes least; Linux only. */
function cpuSecondsOf(pid: number | undefined): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")[1]
      ?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

/** From a block on the chain to its entry at a client of the event stream, ms. */
async function lagsOf(client: IndexerClient, url: string, events: number): Promise<number[]> {
  const mined = new Map<number, number>();
  const lags: number[] = [];
  const stop = new AbortController();
  const stream = (async () => {
    for await (const event of client.events(SALE, { after: events, signal: stop.signal })) {
      if (event.event !== "entry") continue;
      lags.push(performance.now() - (mined.get(event.data.sequence) ?? 0));
      if (lags.length === LIVE_BLOCKS) stop.abort();
    }
  })();
  for (let block = 1; block <= LIVE_BLOCKS; block++) {
    await pause(50 + ((block * 37) % 200));
    mined.set(events + block, performance.now());
    await fetch(url, {
      method: "POST",
      body: '{"jsonrpc":"2.0","id":1,"method":"slipway_mine","params":[]}',
    });
  }
  await stream;
  return lags;
}

/** Of a page anywhere in the history, and of one buyer, over HTTP, ms. */
async function queriesOf(client: IndexerClient): Promise<number[]> {
  const { entries: total } = await client.sale(SALE);
  const times: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const after = (query * 7919) % total;
    const begun = performance.now();
    const { entries } = await client.entries(SALE, { after, limit: 20 });
    times.push(performance.now() - begun);
    const buyer = entries[0]?.buyer;
    if (buyer === undefined) continue;
    const again = performance.now();
    await client.entries(SALE, { buyer, limit: 20 });
    times.push(performance.now() - again);
  }
  return times;
}

/** COPY alone: entries and positions, into empty tables with the same keys and indexes. */
async function copyAgain(database: Pool): Promise<{ seconds: number; cpuSeconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const client = await database.connect();
  try {
    for (const table of ["entries", "positions"]) {
      await pipeline(client.query(copyTo(`COPY ${table} TO STDOUT`)), createWriteStream(join(folder, table)));
    }
    const other = createPool({ connectionString: await testDatabase(), applicationName: "bench-copy" });
    await migrate(
      other,
      readMigrations(fileURLToPath(new URL("../src/indexer/migrations", import.meta.url))),
    );
    const target = await other.connect();
    await makeReadIndexes(target);
    await copySales(client, target);
    const started = performance.now();
    await target.query("BEGIN");
    for (const table of ["entries", "positions"]) {
      await pipeline(
        createReadStream(join(folder, table)),
        target.query(copyFrom(`COPY ${table} FROM STDIN`)),
      );
    }
    await target.query("COMMIT");
    const seconds = (performance.now() - started) / 1000;
    const cpuSeconds = cpuSecondsOf(await backendOf(target, "bench-copy"));
    target.release();
    await other.end();
    return { seconds, cpuSeconds };
  } finally {
    client.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows that the others refer to. */
async function copySales(source: PoolClient, target: PoolClient): Promise<void> {
  const { rows } = await source.query<{ id: number }>("SELECT id FROM sales");
  for (const { id } of rows) {
    await target.query(
      `INSERT INTO sales (id, address, terms_hash, start_block, copied_to, history)
       OVERRIDING SYSTEM VALUE VALUES ($1, '\\x00', '\\x00', 0, 0, '\\x00')`,
      [id],
    );
  }
}

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
