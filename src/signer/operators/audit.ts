import { createHash } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../../database/pool.ts";
import type { AuditRow } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";

/** What was done and by whom: an operator key's id, the webhook, the import. No personal data, no secret. */
export type AuditEntry = Pick<AuditRow, "actor" | "action" | "detail">;
/** Where the log stood at some time, kept where nobody who can write the database can. */
export type Anchor = { seq: bigint; hash: string };

const PAGE = 1_000;

/** A transaction whose audit rows and deeds are kept together or not at all. */
export function auditedTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    // Before the rows of the deed, as everywhere: else two would wait for each other.
    await client.query("SELECT audit_lock()");
    return work(client);
  });
}

export async function appendAudit(
  database: Pool | PoolClient,
  { actor, action, detail }: AuditEntry,
): Promise<void> {
  await database.query("INSERT INTO audit (actor, action, detail) VALUES ($1, $2, $3)", [
    ...[actor, action, JSON.stringify(detail)],
  ]);
}

const SELECT = `
  SELECT seq::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, actor, action, detail,
         encode(hash, 'hex') AS hash
  FROM audit`;

/** A page, oldest first. */
export async function readAudit(pool: Pool, after: bigint, limit: number): Promise<AuditRow[]> {
  const text = `${SELECT} WHERE seq > $1 ORDER BY audit.seq LIMIT $2`;
  return (await pool.query<AuditRow>(text, [after, limit])).rows;
}

/** The newest rows, newest first. */
export async function newestAudit(pool: Pool, limit: number): Promise<AuditRow[]> {
  return (await pool.query<AuditRow>(`${SELECT} ORDER BY audit.seq DESC LIMIT $1`, [limit])).rows;
}

export async function auditHead(pool: Pool): Promise<Anchor | undefined> {
  const { rows } = await pool.query<Anchor>(
    "SELECT seq, encode(hash, 'hex') AS hash FROM audit ORDER BY seq DESC LIMIT 1",
  );
  return rows[0];
}

/** Recomputes the whole log; throws `audit-broken` with the first row that is wrong, or the anchor that is not met. */
export async function verifyAudit(pool: Pool, anchors: readonly Anchor[]): Promise<Anchor> {
  const wanted = new Map(anchors.map(({ seq, hash }) => [seq, hash]));
  let head: Anchor = { seq: 0n, hash: "" };
  for (;;) {
    const { rows } = await pool.query<{ seq: bigint; previous: Buffer; hash: Buffer; content: string }>(
      "SELECT seq, previous, hash, audit_content(audit) AS content FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
      [head.seq, PAGE],
    );
    for (const { seq, previous, hash, content } of rows) {
      const computed = createHash("sha256").update(previous).update(content).digest();
      const follows = seq === head.seq + 1n && previous.toString("hex") === head.hash;
      if (!follows || !computed.equals(hash))
        throw signerError("audit-broken", `row ${String(head.seq + 1n)}`);
      head = { seq, hash: hash.toString("hex") };
      const anchored = wanted.get(seq);
      if (anchored !== undefined && anchored !== head.hash)
        throw signerError("audit-broken", `row ${String(seq)} is not the one that was anchored`);
    }
    if (rows.length < PAGE) break;
  }
  const ahead = anchors.find(({ seq }) => seq > head.seq);
  if (ahead !== undefined)
    throw signerError(
      "audit-broken",
      `row ${String(head.seq + 1n)} and later are gone, ${String(ahead.seq)} was anchored`,
    );
  return head;
}
