import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { DatabaseError } from "./DatabaseError.ts";

export type NewDatabase = {
  /** Lower-case letters, digits and `_`, at most 63; so is `role`. */
  name: string;
  /** Logs in, owns this database and nothing else. */
  role: string;
  password: string;
  /** Drop what is there first. */
  fresh?: boolean;
};

/**
 * Makes a database with a role of its own, on the server that `adminUrl` (a role with CREATEDB and CREATEROLE)
 * leads to, and returns the role's URL. Nobody else may connect to it. What exists already is kept, unless
 * `fresh`; the role's password becomes the given one.
 */
export async function createDatabase(adminUrl: string, wanted: NewDatabase): Promise<string> {
  checkName("database", wanted.name);
  checkName("role", wanted.role);
  const database = escapeIdentifier(wanted.name);
  const role = escapeIdentifier(wanted.role);

  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    if (wanted.fresh === true) await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);

    const roles = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [wanted.role]);
    await client.query(
      `${roles.rowCount === 0 ? "CREATE" : "ALTER"} ROLE ${role} LOGIN PASSWORD ${escapeLiteral(wanted.password)}`,
    );

    const databases = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [wanted.name]);
    if (databases.rowCount === 0) {
      // The owner of a new database must be a role we may act as; a superuser may anyway.
      await client.query(`GRANT ${role} TO CURRENT_USER`);
      await client.query(`CREATE DATABASE ${database} OWNER ${role}`);
    }
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  } finally {
    await client.end();
  }

  const url = new URL(adminUrl);
  url.username = wanted.role;
  url.password = wanted.password;
  url.pathname = `/${wanted.name}`;
  return url.href;
}

function checkName(field: string, name: string): void {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return;
  throw new DatabaseError({
    code: "DATABASE_NAME",
    field,
    got: JSON.stringify(name),
    wanted: "1 to 63 of a-z, 0-9 and _, a letter first",
    wayOut: "Choose another name.",
  });
}
