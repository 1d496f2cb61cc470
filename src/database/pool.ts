import type { ClientBase, PoolClient } from "pg";
import { Pool, types } from "pg";

export type PoolOptions = {
  connectionString: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Most connections at once; 10 when left out. */
  max?: number;
  /** Settings of each connection, made before it is used: `SET …`. */
  settings?: string;
  /** Told of connections that broke while idle; the pool replaces them by itself. */
  onIdleError?: (error: Error) => void;
};

/**
 * A pool that reads `int8` as bigint. `numeric` stays a string, for the caller to make a bigint of: it may hold a
 * fraction, and rounding is never silent. bigint goes in as a parameter as it is.
 */
export function createPool({ settings, ...options }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
    ...(settings === undefined ? {} : { onConnect: settling(settings) }),
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on("error", (error) => options.onIdleError?.(error));
  // So would one that breaks in use, and its query fails by itself.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** The pool waits for the promise, which its types do not know of. */
function settling(settings: string): (client: ClientBase) => unknown {
  return (client) => client.query(settings);
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.release(broken); // a connection that cannot roll back is not used again
  }
}

const getTypeParser = ((oid: number, format: "text" | "binary" = "text") =>
  oid === INT8 && format === "text" ? BigInt : parserOf(oid, format)) as typeof types.getTypeParser;

const parserOf = types.getTypeParser as (oid: number, format: string) => (value: string) => unknown;
const INT8: number = types.builtins.INT8;
