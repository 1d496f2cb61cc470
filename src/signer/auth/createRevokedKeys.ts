import type { Pool } from "pg";
import { signerError } from "../../sdk/signerErrors.ts";
import { appendAudit, auditedTransaction } from "../operators/audit.ts";

/** Partners' key ids that count no more, on every replica, whatever its PARTNERS_FILE says. */
export type RevokedKeys = {
  /** At most a second behind. */
  includes: (keyId: string) => Promise<boolean>;
  /** For good. Throws `key-unknown` where it is revoked already. */
  revoke: (keyId: string, actor: string) => Promise<void>;
};

const MEMORY_MS = 1_000;

export function createRevokedKeys(
  pool: Pool,
  monotonic: () => number = () => performance.now(),
): RevokedKeys {
  let known: { at: number; keys: Promise<ReadonlySet<string>> } | undefined;

  async function read(): Promise<ReadonlySet<string>> {
    const { rows } = await pool.query<{ key_id: string }>("SELECT key_id FROM revoked_partner_keys");
    return new Set(rows.map(({ key_id }) => key_id));
  }

  return {
    includes: async (keyId) => {
      const at = monotonic();
      if (known === undefined || at - known.at >= MEMORY_MS) {
        const fresh = { at, keys: read() };
        known = fresh;
        fresh.keys.catch(() => {
          if (known === fresh) known = undefined;
        });
      }
      return (await known.keys).has(keyId);
    },
    revoke: async (keyId, actor) => {
      await auditedTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          "INSERT INTO revoked_partner_keys (key_id) VALUES ($1) ON CONFLICT DO NOTHING",
          [keyId],
        );
        if (rowCount !== 1) throw signerError("key-unknown");
        await appendAudit(client, { actor, action: "partner-key-revoked", detail: { keyId } });
      });
      known = undefined;
    },
  };
}
