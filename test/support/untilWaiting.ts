import type { Pool } from "pg";

/** Resolves when a statement of this database waits for a lock. */
export async function untilWaiting(pool: Pool): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const { rowCount } = await pool.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (rowCount !== 0) return;
    if (Date.now() > end) throw new Error("nothing waits");
    await new Promise((done) => setTimeout(done, 5));
  }
}
