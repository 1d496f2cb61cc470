// The signer as a process: `serve` (default) answers; `import <file.csv>` loads KYC decisions; `audit verify [anchors]` recomputes
// the audit log; `key create <note> <scope…>` makes an operator's key and shows it this once; `keystore create <file>` makes a
// signing key, encrypted with SIGNER_KEYSTORE_PASSWORD.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Pool } from "pg";
import { databaseFor } from "../database/databaseFor.ts";
import { migrate, readMigrations } from "../database/migrate.ts";
import { createPool } from "../database/pool.ts";
import type { Problem } from "../sdk/problem.ts";
import { operatorScopes } from "../sdk/signerApi.ts";
import { signerError } from "../sdk/signerErrors.ts";
import { createLogger } from "../service/createLogger.ts";
import { listen, runProgram, untilStopped } from "../service/program.ts";
import { network, readConfig, readRecord } from "./config.ts";
import { createService } from "./createService.ts";
import { appendAnchor, readAnchors } from "./operators/anchors.ts";
import { appendAudit, auditHead, verifyAudit } from "./operators/audit.ts";
import { createKey } from "./operators/operatorKeys.ts";
import { importSubjects } from "./kyc/importSubjects.ts";
import { createSecrets } from "./secrets/createSecrets.ts";
import { readDatabaseNow } from "./store/createDatabaseClock.ts";

/**
 * Orders look everything up by key. In the first minute of a crowd, PostgreSQL has no statistics yet of tables that were empty,
 * and would read them whole, again and again: half the vouchers a second.
 */
const BY_INDEX = "SET enable_seqscan = off";
const CHORES_EVERY_MS = 60_000;
const SECRETS_EVERY_MS = 2_000;

await runProgram({
  async run([command = "serve", ...args], stopping) {
    if (command === "serve" && args.length === 0) await serve(stopping);
    else if (command === "import" && args.length === 1) await importFile(args[0] ?? "");
    else if (command === "audit" && args[0] === "verify" && args.length <= 2) await verify(args[1]);
    else if (command === "key" && args[0] === "create" && args.length >= 3)
      await makeKey(args[1] ?? "", args.slice(2));
    else if (command === "keystore" && args[0] === "create" && args.length === 2)
      await makeKeystore(args[1] ?? "");
    else
      throw signerError(
        "config-invalid",
        "commands are: serve, import <file.csv>, audit verify [anchor file], key create <note> <scope>…, keystore create <file>",
      );
  },
  internal: (why) => signerError("internal", why),
});

async function serve(stopping: AbortSignal): Promise<void> {
  const config = await readConfig(process.env);
  const logger = createLogger();
  logger.info({ signer: config.key.address, curve: await config.key.backend() }, "signing key");
  await withDatabase("slipway-signer", async (pool) => {
    // What could not be noted in the audit log is not used.
    await config.secrets.note(pool);
    const { app, metrics, purge, watch } = createService({ config, pool, logger });
    const port = await listen(app, config, (where, cause) => signerError("port-busy", where, { cause }));
    let anchored: bigint | undefined;
    const anchor = async (): Promise<void> => {
      const head = await auditHead(pool);
      if (head === undefined || head.seq === anchored) return;
      logger.info({ seq: String(head.seq), hash: head.hash }, "audit head");
      if (config.anchorFile !== undefined) appendAnchor(config.anchorFile, head, new Date());
      anchored = head.seq;
    };
    const chores = async (): Promise<void> => {
      const warning = config.sanctions.warning();
      if (warning !== undefined) logger.warn({ warning }, "sanctions");
      await Promise.all([purge(), anchor(), watch()]);
    };
    await appendAudit(pool, { actor: "service", action: "started", detail: { signer: config.key.address } });
    await anchor();
    let refreshing = false;
    const refresh = async (): Promise<void> => {
      if (refreshing) return;
      refreshing = true;
      try {
        const failing = await config.secrets.refresh(pool, performance.now());
        metrics.secretsFailing(failing.length);
        for (const secret of failing)
          logger.warn({ secret }, "the last good one stays, as the new one cannot be used");
      } finally {
        refreshing = false;
      }
    };
    const looking = setInterval(() => {
      refresh().catch((error: unknown) => {
        logger.warn({ err: error }, "secrets were not read again");
      });
    }, SECRETS_EVERY_MS);
    const purging = setInterval(() => {
      chores().catch((error: unknown) => {
        logger.warn({ err: error }, "chores failed");
      });
    }, CHORES_EVERY_MS);
    await untilStopped(port, stopping);
    clearInterval(purging);
    clearInterval(looking);
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
    const { applied, older, held, wallets } = await importSubjects({ pool, text, policy, now });
    console.log(
      `${String(applied)} people imported with ${String(wallets)} wallets` +
        (older === 0 ? "" : `; ${String(older)} left as they were, as a newer decision is known`) +
        (held === 0 ? "" : `; ${String(held)} wait for review, as an operator refused or revoked them`) +
        ".",
    );
  });
}

async function verify(anchorFile = process.env["AUDIT_ANCHOR_FILE"]): Promise<void> {
  await withDatabase("slipway-signer-audit", async (pool) => {
    const anchors = anchorFile === undefined ? [] : readAnchors(anchorFile);
    const { seq, hash } = await verifyAudit(pool, anchors);
    console.log(
      `${String(seq)} rows, each follows from the one before; ${String(anchors.length)} anchors met; head ${hash}`,
    );
  });
}

async function makeKey(note: string, wanted: readonly string[]): Promise<void> {
  const chosen = operatorScopes.filter((scope) => wanted.includes(scope));
  if (chosen.length !== new Set(wanted).size)
    throw signerError("config-invalid", `scopes are: ${operatorScopes.join(", ")}`);
  await withDatabase("slipway-signer-key", async (pool) => {
    const { key } = await createKey(pool, "command-line", { note, scopes: chosen, networks: [] });
    console.log(key);
  });
}

async function makeKeystore(path: string): Promise<void> {
  const problems: Problem[] = [];
  const secrets = createSecrets({ env: process.env, local: false, network });
  const password = await secrets.single("SIGNER_KEYSTORE_PASSWORD", problems);
  if (password === undefined && problems.length === 0)
    throw signerError(
      "config-invalid",
      "SIGNER_KEYSTORE_PASSWORD_FILE or SIGNER_KEYSTORE_PASSWORD_FROM is not set",
    );
  if (problems.length > 0) throw signerError("secret-unusable", "SIGNER_KEYSTORE_PASSWORD", { problems });
  const { newKeystore } = await import("./keys/keystore.ts");
  const { address, json } = await newKeystore(password ?? "");
  try {
    // Never over a key that is there.
    writeFileSync(path, `${json}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw signerError("key-unusable", `${path}: ${(cause as NodeJS.ErrnoException).code ?? "not written"}`, {
      cause,
    });
  }
  console.log(`${address}: have the sale's owner admit this signer.`);
}

async function withDatabase(applicationName: string, work: (pool: Pool) => Promise<void>): Promise<void> {
  const problems: Problem[] = [];
  const secrets = createSecrets({ env: process.env, local: true, network });
  const url = await secrets.single("DATABASE_URL", problems);
  if (problems.length > 0) throw signerError("config-invalid", "DATABASE_URL", { problems });
  const database = await databaseFor("signer", url === undefined ? process.env : { DATABASE_URL: url });
  const pool = createPool({ connectionString: database.url, applicationName, settings: BY_INDEX });
  try {
    await migrate(pool, readMigrations(fileURLToPath(new URL("store/migrations", import.meta.url))));
    await secrets.note(pool);
    await work(pool);
  } finally {
    await pool.end();
    await database.stop();
  }
}
