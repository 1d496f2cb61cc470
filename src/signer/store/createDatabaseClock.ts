import type { Pool } from "pg";

/** Seconds by the database's clock, which all replicas share. Throws when it cannot be asked. */
export type DatabaseClock = () => Promise<number>;

/** How far a monotonic clock of this machine runs away from the database's within this time is beyond measuring. */
const MEMORY_MS = 1_000;

/** Asks once a second; between, this machine's monotonic clock goes on from the answer. */
export function createDatabaseClock(
  pool: Pool,
  monotonic: () => number = () => performance.now(),
): DatabaseClock {
  let known: { at: number; now: Promise<number> } | undefined;

  return async () => {
    const asked = monotonic();
    if (known === undefined || asked - known.at >= MEMORY_MS) {
      const fresh = { at: asked, now: readDatabaseNow(pool) };
      known = fresh;
      fresh.now.catch(() => {
        if (known === fresh) known = undefined;
      });
    }
    const { at, now } = known;
    const then = await now;
    return then + Math.max(0, asked - at) / 1_000;
  };
}

export async function readDatabaseNow(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    "SELECT extract(epoch FROM clock_timestamp())::float8 AS now",
  );
  return rows[0]?.now ?? NaN;
}
