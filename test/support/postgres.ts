import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase } from "../../src/database/createDatabase.ts";
import type { PostgresCluster } from "../../src/database/startPostgres.ts";
import { startPostgres } from "../../src/database/startPostgres.ts";

let cluster: Promise<PostgresCluster> | undefined;

/**
 * The URL of a fresh, empty database with a role of its own. All tests of one process share one server, which starts
 * at the first call and stops after the last test; with DATABASE_URL (a role with CREATEDB and CREATEROLE) it is
 * that server.
 */
export async function testDatabase(): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;

  const own = process.env["DATABASE_URL"];
  if (own !== undefined && own !== "") {
    return createDatabase(own, { name, role: name, password: randomBytes(16).toString("hex") });
  }
  return (await testCluster()).createDatabase({ name, role: name });
}

/** The server itself, for what needs the superuser. */
export function testCluster(): Promise<PostgresCluster> {
  cluster ??= startPostgres({ directory: temporaryDirectory(), temporary: true });
  return cluster;
}

/** Made so that a server started by root can get in, as another user; what is secret in there has its own mode. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "slipway-test-"));
  chmodSync(directory, 0o755);
  return directory;
}

// Imported while mocha loads the test files, so that this is a hook of the root: it runs once, after all tests.
// Elsewhere the server stops with the process.
if (typeof globalThis.after === "function") {
  globalThis.after(async () => {
    await (await cluster)?.stop();
  });
}
