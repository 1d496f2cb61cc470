import type { Pool, PoolClient } from "pg";
import { getAddress, type Address } from "viem";
import type { Decision } from "../../sdk/signerApi.ts";

/** The person behind a wallet, with all its wallets. */
export type Person = {
  subject: string;
  country: string;
  tier: string;
  decision: Decision;
  /** Seconds since 1970. */
  decidedAt: number;
  wallets: Address[];
};

type Row = { subject: string; country: string; tier: string; decision: Decision; decided_at: Date };

/**
 * Undefined where nobody has proved to own the wallet. With `lock` the person's row is locked until the transaction ends:
 * decisions and other orders of this person wait, and what is read is what they left.
 */
export async function readPerson(
  database: Pool | PoolClient,
  wallet: Address,
  { lock = false }: { lock?: boolean } = {},
): Promise<Person | undefined> {
  const { rows } = await database.query<Row>(
    `SELECT s.subject, s.country, s.tier, s.decision, s.decided_at
     FROM subjects s WHERE s.subject = (SELECT subject FROM wallets WHERE wallet = $1) ${lock ? "FOR UPDATE" : ""}`,
    [wallet.toLowerCase()],
  );
  const row = rows[0];
  if (row === undefined) return undefined;

  // After the lock, in a statement of its own: this one's snapshot is younger than the lock.
  const wallets = await database.query<{ wallet: string }>(
    "SELECT wallet FROM wallets WHERE subject = $1 ORDER BY wallet",
    [row.subject],
  );
  return {
    ...{ subject: row.subject, country: row.country, tier: row.tier, decision: row.decision },
    decidedAt: row.decided_at.getTime() / 1000,
    wallets: wallets.rows.map((one) => getAddress(one.wallet)),
  };
}
