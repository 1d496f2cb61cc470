import { Client, escapeIdentifier } from "pg";
import { DatabaseError } from "./DatabaseError.ts";
import type { PostgresCluster } from "./startPostgres.ts";
import { startPostgres } from "./startPostgres.ts";

export type Databases = {
  /** The service's connection URL; its database (or schema) exists. `fresh` empties it first. */
  databaseFor: (service: string, options?: { fresh?: boolean }) => Promise<string>;
  /** The server that was started here; undefined with DATABASE_URL. */
  cluster: PostgresCluster | undefined;
  /** Stops what was started here; a server of your own is left alone. */
  stop: () => Promise<void>;
};

export type DatabasesOptions = {
  /** A PostgreSQL of your own; normally the environment's DATABASE_URL. */
  url?: string | undefined;
  /** For the server from npm, where there is no `url`. */
  directory?: string;
};

/** Of the server from npm. */
export const DEFAULT_DIRECTORY = ".slipway/postgres";

/**
 * Databases for services, one place for both ways. With `url` each service gets a schema `slipway_<service>` in that
 * database, as its role need not be allowed to make databases; without, PostgreSQL from npm runs under
 * `.slipway/postgres` and each service gets a database and a role of its own.
 *
 * Throws DATABASE_URL, DATABASE_UNREACHABLE and what startPostgres throws.
 */
export async function openDatabases(options: DatabasesOptions = {}): Promise<Databases> {
  const { url, directory = DEFAULT_DIRECTORY } = options;

  if (url !== undefined && url !== "") {
    checkUrl(url);
    return {
      databaseFor: (service, { fresh = false } = {}) => schemaFor(url, service, fresh),
      cluster: undefined,
      stop: () => Promise.resolve(),
    };
  }

  const cluster = await startPostgres({ directory });
  return {
    databaseFor: (service, { fresh = false } = {}) =>
      cluster.createDatabase({ name: `slipway_${service}`, role: `slipway_${service}`, fresh }),
    cluster,
    stop: cluster.stop,
  };
}

/** One service's database by the environment: DATABASE_URL, else PostgreSQL from npm, stopped by `stop`. */
export async function databaseFor(
  service: string,
  env: Record<string, string | undefined> = process.env,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const databases = await openDatabases({ url: env["DATABASE_URL"] });
  try {
    return { url: await databases.databaseFor(service), stop: databases.stop };
  } catch (error) {
    await databases.stop();
    throw error;
  }
}

async function schemaFor(url: string, service: string, fresh: boolean): Promise<string> {
  const schema = `slipway_${service}`;
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    if (fresh) await client.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`);
    // On a standby, where nothing can be made, it comes from the primary.
    const { rowCount } = await client.query("SELECT FROM pg_namespace WHERE nspname = $1", [schema]);
    if (rowCount === 0) await client.query(`CREATE SCHEMA IF NOT EXISTS ${escapeIdentifier(schema)}`);
  } catch (cause) {
    throw new DatabaseError(
      {
        code: "DATABASE_UNREACHABLE",
        field: "DATABASE_URL",
        got: cause instanceof Error ? cause.message : String(cause),
        wanted: "a PostgreSQL that answers, with a role that may make a schema",
        wayOut: "Correct DATABASE_URL, or unset it to use the PostgreSQL from npm.",
      },
      { cause },
    );
  } finally {
    await client.end().catch(() => undefined);
  }

  const own = new URL(url);
  own.searchParams.set("options", `-c search_path=${schema}`);
  // `+` for a blank is a form's way; connection strings want %20.
  return own.href.replace(/(?<=[?&]options=)[^&]*/, encodeURIComponent(`-c search_path=${schema}`));
}

function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "postgresql:" || parsed?.protocol === "postgres:") return;
  throw new DatabaseError({
    code: "DATABASE_URL",
    field: "DATABASE_URL",
    got: parsed === undefined ? "something that is no URL" : `a URL with ${parsed.protocol}`,
    wanted: "postgresql://user:password@host:port/database",
    wayOut: "Correct DATABASE_URL, or unset it to use the PostgreSQL from npm.",
  });
}
