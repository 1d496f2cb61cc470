// The signer as a process: `serve` (default) answers; `import <file.csv>` loads KYC decisions.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { pino } from "pino";
import { DatabaseError } from "../database/DatabaseError.ts";
import { databaseFor } from "../database/databaseFor.ts";
import { migrate, readMigrations } from "../database/migrate.ts";
import { createPool } from "../database/pool.ts";
import { explain, SlipwayError } from "../sdk/problem.ts";
import { signerError } from "../sdk/signerErrors.ts";
import { readConfig, readRecord, type Config } from "./config.ts";
import { createService } from "./createService.ts";
import { importSubjects } from "./kyc/importSubjects.ts";
import { readDatabaseNow } from "./store/createDatabaseClock.ts";

const STOP_WITHIN_MS = 4_500;
const PURGE_EVERY_MS = 60_000;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stopping.abort();
  });
}

try {
  const [command = "serve", ...args] = process.argv.slice(2);
  if (command === "serve" && args.length === 0) await serve();
  else if (command === "import" && args.length === 1) await importFile(args[0] ?? "");
  else throw signerError("config-invalid", "commands are: serve, import <file.csv>");
  process.exit(0);
} catch (error) {
  console.error(describe(error));
  process.exit(1);
}

async function serve(): Promise<void> {
  const config = readConfig(process.env);
  const logger = pino();
  logger.info({ signer: config.key.address, curve: await config.key.backend() }, "signing key");
  await withDatabase("slipway-signer", async (pool) => {
    const { app, purge } = createService({ config, pool, logger });
    const port = await listen(app, config);
    const purging = setInterval(() => {
      purge().catch((error: unknown) => {
        logger.warn({ err: error }, "purge failed");
      });
    }, PURGE_EVERY_MS);
    process.stdout.write(`${JSON.stringify({ event: "listening", port })}\n`);

    await new Promise<void>((done) => {
      if (stopping.signal.aborted) done();
      else stopping.signal.addEventListener("abort", () => done());
    });
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    clearInterval(purging);
    await app.close();
  });
}

async function importFile(path: string): Promise<void> {
  const { policy } = readRecord(process.env);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? "not UTF-8";
    throw signerError("import-invalid", `${path}: ${why}`, { cause });
  }
  await withDatabase("slipway-signer-import", async (pool) => {
    const now = new Date((await readDatabaseNow(pool)) * 1000);
    const { applied, older, wallets } = await importSubjects({ pool, text, policy, now });
    console.log(
      `${String(applied)} people imported with ${String(wallets)} wallets` +
        (older === 0 ? "." : `; ${String(older)} left as they were, as a newer decision is known.`),
    );
  });
}

async function withDatabase(applicationName: string, work: (pool: Pool) => Promise<void>): Promise<void> {
  const database = await databaseFor("signer");
  const pool = createPool({ connectionString: database.url, applicationName });
  try {
    await migrate(pool, readMigrations(fileURLToPath(new URL("store/migrations", import.meta.url))));
    await work(pool);
  } finally {
    await pool.end();
    await database.stop();
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw signerError("port-busy", `${host}:${String(port)}`, { cause });
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function describe(error: unknown): string {
  if (error instanceof SlipwayError) return explain(error);
  if (error instanceof DatabaseError) return error.message;
  return explain(signerError("internal", error instanceof Error ? error.message : String(error)));
}
