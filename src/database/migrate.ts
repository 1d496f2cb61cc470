import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pool, PoolClient } from "pg";
import { DatabaseError } from "./DatabaseError.ts";

export type Migration = {
  /** Names it for good; by habit numbered, as `001-orders`. */
  id: string;
  sql: string;
};

/**
 * Brings the database to the last of `migrations`, each in a transaction of its own, in the given order; returns the
 * ids that were run. Running it again, or by several processes at once, changes nothing.
 *
 * Throws MIGRATION_CHANGED when one that was run has another text now, MIGRATION_UNKNOWN when the database has one
 * that is not in the list or in another place of it, MIGRATION_FAILED when its SQL fails (it is rolled back; those
 * before it stay).
 */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<string[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    try {
      return await runMissing(client, migrations);
    } finally {
      await client.query(`SELECT pg_advisory_unlock(${LOCK})`).catch((error: Error) => {
        broken = error; // the lock goes with the connection
      });
    }
  } finally {
    client.release(broken);
  }
}

/** The `.sql` files of a folder, ordered by name; the id is the name without its ending. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => ({ id: file.slice(0, -".sql".length), sql: readFileSync(join(folder, file), "utf8") }));
}

/** "slipway" in ASCII and the schema: two services in two schemas of one database do not wait for each other. */
const LOCK = "hashtextextended(current_schema(), 32489124735410553)";

async function runMissing(client: PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS migrations (
      position   integer PRIMARY KEY,
      id         text NOT NULL UNIQUE,
      checksum   text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  const { rows } = await client.query<{ position: number; id: string; checksum: string }>(
    "SELECT position, id, checksum FROM migrations ORDER BY position",
  );

  for (const row of rows) compare(row, migrations[row.position]);

  const ran: string[] = [];
  for (const [position, migration] of migrations.entries()) {
    if (rows.some((row) => row.position === position)) continue;
    await run(client, position, migration);
    ran.push(migration.id);
  }
  return ran;
}

function compare(
  row: { position: number; id: string; checksum: string },
  known: Migration | undefined,
): void {
  if (known === undefined || known.id !== row.id) {
    throw new DatabaseError({
      code: "MIGRATION_UNKNOWN",
      field: `migration ${row.position}`,
      got: `${row.id} in the database`,
      wanted: known === undefined ? "none, as this version has fewer" : known.id,
      wayOut: "The database belongs to another version: run that version, or give this one its own database.",
    });
  }
  if (checksum(known) !== row.checksum) {
    throw new DatabaseError({
      code: "MIGRATION_CHANGED",
      field: `migration ${row.id}`,
      got: `a text with checksum ${checksum(known)}`,
      wanted: row.checksum,
      wayOut: "Put the text back as it was and write the change as a new migration.",
    });
  }
}

async function run(client: PoolClient, position: number, migration: Migration): Promise<void> {
  try {
    await client.query("BEGIN");
    await client.query(migration.sql);
    await client.query("INSERT INTO migrations (position, id, checksum) VALUES ($1, $2, $3)", [
      position,
      migration.id,
      checksum(migration),
    ]);
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw new DatabaseError(
      {
        code: "MIGRATION_FAILED",
        field: `migration ${migration.id}`,
        got: cause instanceof Error ? cause.message : String(cause),
        wanted: "SQL that runs",
        wayOut: "Nothing of it was kept. Correct the cause and start again.",
      },
      { cause },
    );
  }
}

function checksum(migration: Migration): string {
  return createHash("sha256").update(migration.sql).digest("hex");
}
