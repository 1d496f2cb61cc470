import type { Pool } from "pg";
import { appendAudit, auditedTransaction } from "./audit.ts";

/** Words for the page while nothing is sold by an operator's wish; undefined while selling goes on. */
export async function readStop(pool: Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{ message: string | null }>(
    "SELECT message FROM stops ORDER BY seq DESC LIMIT 1",
  );
  return rows[0]?.message ?? undefined;
}

export async function setStop(pool: Pool, actor: string, message: string | undefined): Promise<void> {
  await auditedTransaction(pool, async (client) => {
    await client.query("INSERT INTO stops (message) VALUES ($1)", [message ?? null]);
    const action = message === undefined ? "selling-resumed" : "selling-stopped";
    await appendAudit(client, { actor, action, detail: message === undefined ? {} : { message } });
  });
}
