// The indexer as a process: `serve` (default) copies the chain and answers; `resync <sale>|all` makes a copy anew.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client, type Pool } from "pg";
import { checkLaunch } from "../chain/checkLaunch.ts";
import { systemClock } from "../chain/clock.ts";
import { createHeadHints } from "../chain/headHints.ts";
import { createRpcPool } from "../chain/rpcPool.ts";
import { databaseFor, DEFAULT_DIRECTORY } from "../database/databaseFor.ts";
import { migrate, readMigrations } from "../database/migrate.ts";
import { createPool } from "../database/pool.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import { createLogger } from "../service/createLogger.ts";
import { listen, runProgram, untilStopped } from "../service/program.ts";
import { checkCanonical } from "./checkCanonical.ts";
import { createApp } from "./app.ts";
import { listenForChanges, lookForChanges } from "./changes.ts";
import { readConfig } from "./config.ts";
import { createDocuments } from "./documents.ts";
import { createQueries } from "./queries.ts";
import { resync } from "./resync.ts";
import { createStatus } from "./status.ts";
import { createWebhookCursors } from "./webhookCursors.ts";
import { receiverOf, runWebhook } from "./webhooks.ts";
import { runWriter } from "./writer.ts";

await runProgram({
  async run([command = "serve", ...args], stopping) {
    if (command === "serve" && args.length === 0) await serve(stopping);
    else if (command === "resync" && args.length === 1) await resyncOnce(args[0] ?? "");
    else throw indexerError("config-invalid", "commands are: serve, resync <sale>, resync all");
  },
  internal: (why) => indexerError("internal", why),
});

async function serve(stopping: AbortSignal): Promise<void> {
  const config = await readConfig(process.env);
  const log = createLogger();
  const rpc = createRpcPool({ urls: config.rpcUrls, clock: systemClock, signal: stopping });
  await checkLaunch(rpc, config.records);
  await checkCanonical(rpc, config.records);

  const database = await databaseFor("indexer");
  const pool = createPool({
    connectionString: database.url,
    applicationName: "slipway-indexer",
    onIdleError: (error) => {
      log.warn({ err: error }, "a connection broke");
    },
  });
  const standby = await isStandby(pool);
  if (!standby) await migrate(pool, migrations());

  const status = createStatus();
  const { pollMs } = config;
  const changes = standby
    ? lookForChanges({ pool, clock: systemClock, everyMs: pollMs, signal: stopping })
    : listenForChanges({ url: database.url, clock: systemClock });
  const queries = createQueries(pool, config.records, systemClock);
  const app = createApp({
    ...{ changes, status, clock: systemClock, logger: log },
    ...{ queries, requestsPerMinute: config.requestsPerMinute, trustedProxies: config.trustedProxies },
    documents: createDocuments({ ...config, folder: config.documentsDir, rpc, clock: systemClock, log }),
    records: config.records,
    ...{ corsOrigins: config.corsOrigins, streams: config.streams, publicUrl: config.publicUrl },
  });
  const port = await listen(app, config, (where, cause) => indexerError("port-busy", where, { cause }));
  if (standby) {
    status.behind = false;
    log.info({ event: "standby" }, "nothing can be written to the database: this process only reads");
  }
  const writer = standby
    ? undefined
    : runWriter({
        ...{ pool: rpc, clock: systemClock, status, log, url: database.url, signal: stopping },
        ...{ records: config.records, finality: config.finality, pollMs },
        hints: createHeadHints({ urls: config.hintUrls, clock: systemClock, signal: stopping }),
      });
  const telling = config.webhooks.flatMap((webhook) =>
    config.records.map(({ sale }) =>
      runWebhook({
        ...{ webhook, sale, queries, cursors: createWebhookCursors(pool), clock: systemClock },
        ...{ active: () => status.writing, pollMs, signal: stopping },
        onOutcome(failures, why) {
          const receiver = receiverOf(webhook.url);
          status.webhooks.set(`${receiver} ${sale}`, { receiver, sale, failures });
          if (failures > 0) log.warn({ receiver, sale, failures, why }, "a webhook was not taken");
        },
      }),
    ),
  );
  await untilStopped(port, stopping);
  await app.close();
  await Promise.all([writer, ...telling]);
  await changes.stop();
  await pool.end();
  await database.stop();
}

async function resyncOnce(what: string): Promise<void> {
  if (!process.env["DATABASE_URL"] && !existsSync(DEFAULT_DIRECTORY)) {
    throw indexerError("database-unnamed", "DATABASE_URL is not set");
  }
  const database = await databaseFor("indexer");
  const pool = createPool({
    connectionString: database.url,
    applicationName: "slipway-indexer-resync",
    max: 1,
  });
  const client = new Client({ connectionString: database.url });
  try {
    console.log(`Database: ${placeOf(database.url)}`);
    await migrate(pool, migrations());
    await client.connect();
    await resync(client, what);
    console.log(`The copy of ${what} is forgotten; start the indexer to make it anew.`);
  } finally {
    await client.end().catch(() => undefined);
    await pool.end();
    await database.stop();
  }
}

/** Host and name of a database, without its user and password. */
function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get("host") ?? host}${pathname}`;
}

/** Nothing can be written there. */
async function isStandby(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ readonly: boolean }>(
    "SELECT current_setting('transaction_read_only')::boolean AS readonly",
  );
  return rows[0]?.readonly === true;
}

function migrations() {
  return readMigrations(fileURLToPath(new URL("migrations", import.meta.url)));
}
