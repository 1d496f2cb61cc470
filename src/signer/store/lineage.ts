import type { Pool } from "pg";

/** Chain time until which nothing is signed, as vouchers may live that this database does not know; undefined: no such time. */
export type Lineage = (longest: { chainTime: bigint; voucherSeconds: bigint }) => Promise<bigint | undefined>;

/** Another server, a promoted standby, a restored dump: each differs in one of these. */
const IDENTITY = `
  concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'orders'::regclass::oid)`;

/** Notes where the orders are kept, and finds out when that is not where they were made. */
export function createLineage(pool: Pool): Lineage {
  return async ({ chainTime, voucherSeconds }) => {
    // Read after it was written: of several replicas one writes.
    await pool.query(
      `INSERT INTO lineage (identity, closed_until)
       SELECT ${IDENTITY}, CASE WHEN EXISTS (SELECT FROM lineage) THEN $1::numeric END
       ON CONFLICT DO NOTHING`,
      [(chainTime + voucherSeconds).toString()],
    );
    const { rows } = await pool.query<{ closed_until: string | null }>(
      `SELECT closed_until FROM lineage WHERE identity = ${IDENTITY}`,
    );
    const closedUntil = rows[0]?.closed_until;
    return closedUntil === null || closedUntil === undefined ? undefined : BigInt(closedUntil);
  };
}
