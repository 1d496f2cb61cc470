import type { PoolClient } from "pg";
import type { Address } from "viem";
import type { Decision } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { appendAudit } from "../operators/audit.ts";

/** What is known about a person: no name, no document, only the provider's id and its verdict. */
export type SubjectDecision = {
  subject: string;
  country: string;
  tier: string;
  decision: Decision;
  decidedAt: Date;
  wallets: readonly Address[];
};

export type DecidedBy = {
  /** For the audit log: an operator key's id, `webhook`, `import`. */
  actor: string;
  reason?: string;
  /** An operator, who may lift what an operator decided. */
  isOperator?: boolean;
  walletsPerPerson: bigint;
};

/**
 * Records a decision, in the caller's audited transaction, on the locked row of the person: an order that is being issued
 * meanwhile waits for it, or it for the order. `older` changes nothing; `held` leaves a person that an operator refused or
 * revoked so, and puts it into the review queue. A person that is not approved any more has its orders closed. Throws `field-invalid` for a wallet of somebody else, or more wallets than `walletsPerPerson`.
 */
export async function applyDecision(
  client: PoolClient,
  { subject, country, tier, decision, decidedAt, wallets }: SubjectDecision,
  { actor, reason, isOperator = false, walletsPerPerson }: DecidedBy,
): Promise<"applied" | "older" | "held"> {
  await client.query(
    `INSERT INTO subjects (subject, country, tier, decision, decided_at) VALUES ($1, $2, $3, $4, '-infinity')
     ON CONFLICT DO NOTHING`,
    [subject, country, tier, decision],
  );
  const { rows } = await client.query<{ newer: boolean; held: boolean }>(
    "SELECT greatest(decided_at, claimed_at) > $2 AS newer, held FROM subjects WHERE subject = $1 FOR UPDATE",
    [subject, decidedAt],
  );
  if (rows[0]?.newer === true) return "older";
  const decided = { subject, country, tier, decision, decidedAt: decidedAt.toISOString() };
  if (rows[0]?.held === true && !isOperator) {
    await client.query(
      "UPDATE subjects SET claim = nullif($2, decision), claimed_at = $3, updated_at = now() WHERE subject = $1",
      [subject, decision, decidedAt],
    );
    await attachWallets(client, subject, wallets, walletsPerPerson);
    await appendAudit(client, { actor, action: "decision-held", detail: decided });
    return "held";
  }

  const closes = decision === "rejected" || decision === "revoked";
  await client.query(
    `UPDATE subjects SET country = $2, tier = $3, decision = $4, decided_at = $5, updated_at = now(),
                         held = $6, claim = NULL, claimed_at = NULL
     WHERE subject = $1`,
    [subject, country, tier, decision, decidedAt, closes && isOperator],
  );
  await attachWallets(client, subject, wallets, walletsPerPerson);
  if (closes) {
    await client.query(
      `UPDATE orders SET revoked_at = now()
       WHERE revoked_at IS NULL AND superseded_by IS NULL
         AND buyer IN (SELECT wallet FROM wallets WHERE subject = $1)`,
      [subject],
    );
  }
  await appendAudit(client, {
    ...{ actor, action: "decision" },
    detail: reason === undefined ? decided : { ...decided, reason },
  });
  return "applied";
}

async function attachWallets(
  client: PoolClient,
  subject: string,
  wallets: readonly Address[],
  most: bigint,
): Promise<void> {
  // In one order everywhere, so that two decisions never wait for each other.
  const all = [...new Set(wallets.map((wallet) => wallet.toLowerCase()))].sort();
  await client.query(
    "INSERT INTO wallets (wallet, subject) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING",
    [all, subject],
  );
  const { rows } = await client.query<{ wallet: string }>(
    "SELECT wallet FROM wallets WHERE wallet = ANY ($1) AND subject <> $2",
    [all, subject],
  );
  if (rows.length > 0) {
    throw signerError("field-invalid", "a wallet belongs to another person", {
      problems: rows.map(({ wallet }) => ({
        ...{ code: "field-invalid", field: "wallets", got: wallet, wanted: "a wallet of this person" },
        wayOut: "Find out whose it is; a wallet never changes hands.",
      })),
    });
  }
  const count = await client.query<{ count: bigint }>("SELECT count(*) FROM wallets WHERE subject = $1", [
    subject,
  ]);
  const got = count.rows[0]?.count ?? 0n;
  if (got <= most) return;
  throw signerError("field-invalid", "more wallets than the policy allows one person", {
    problems: [
      {
        ...{ code: "field-invalid", field: "wallets", got: String(got), wanted: `at most ${String(most)}` },
        wayOut: "Leave wallets out, or raise walletsPerPerson in the launch file.",
      },
    ],
  });
}
