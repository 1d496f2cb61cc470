import type { Pool } from "pg";
import { appendAudit, auditedTransaction } from "../operators/audit.ts";

const AT_ONCE = 1_000;

/** Whose decision and last order are from before then, seconds: none of both can matter to anything here any more. */
const FORGOTTEN = `
  FROM subjects s WHERE greatest(s.decided_at, s.updated_at) < to_timestamp($1) AND NOT EXISTS (
    SELECT FROM wallets w JOIN orders o ON o.buyer = w.wallet
    WHERE w.subject = s.subject AND o.created_at >= to_timestamp($1))`;

/** Deletes decisions and wallets of people that nothing was heard of since; orders name wallets, which are on chain. */
export async function forgetPeople(
  pool: Pool,
  { days, now }: { days: number; now: number },
): Promise<number> {
  const before = now - days * 86_400;
  let forgotten = 0;
  for (;;) {
    const { rowCount } = await pool.query(`SELECT 1 ${FORGOTTEN} LIMIT 1`, [before]);
    if (rowCount === 0) return forgotten;
    forgotten += await auditedTransaction(pool, async (client) => {
      const { rows } = await client.query<{ subject: string }>(
        `SELECT s.subject ${FORGOTTEN} ORDER BY s.subject LIMIT ${String(AT_ONCE)} FOR UPDATE OF s`,
        [before],
      );
      const subjects = rows.map(({ subject }) => subject);
      await client.query("DELETE FROM wallets WHERE subject = ANY($1)", [subjects]);
      await client.query("DELETE FROM subjects WHERE subject = ANY($1)", [subjects]);
      const detail = { people: subjects.length, days };
      await appendAudit(client, { actor: "service", action: "people-forgotten", detail });
      return subjects.length;
    });
  }
}
