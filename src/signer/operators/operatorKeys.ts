import { createHash, randomBytes } from "node:crypto";
import { BlockList, isIP } from "node:net";
import type { Pool, PoolClient } from "pg";
import type { OperatorScope } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { appendAudit, auditedTransaction } from "./audit.ts";

export type NewKey = { note: string; scopes: readonly OperatorScope[]; networks: readonly string[] };
export type OperatorKey = NewKey & { id: string; createdAt: number; revokedAt: number | null };

/** Makes a key; this is the only time that it is shown, as its hash alone is kept. */
export async function createKey(
  pool: Pool,
  actor: string,
  wanted: NewKey,
): Promise<{ id: string; key: string }> {
  const id = randomBytes(6).toString("hex");
  const key = `slipway_${id}_${randomBytes(32).toString("base64url")}`;
  await auditedTransaction(pool, async (client) => {
    await client.query(
      "INSERT INTO operator_keys (id, key_hash, note, scopes, networks) VALUES ($1, $2, $3, $4, $5)",
      [...[id, hashOf(key), wanted.note, wanted.scopes, wanted.networks]],
    );
    await appendAudit(client, { actor, action: "key-created", detail: { id, ...wanted } });
  });
  return { id, key };
}

/** Throws `key-unknown` where there is none that still counts. */
export async function revokeKey(pool: Pool, actor: string, id: string): Promise<void> {
  await auditedTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      "UPDATE operator_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL",
      [id],
    );
    if (rowCount !== 1) throw signerError("key-unknown");
    await appendAudit(client, { actor, action: "key-revoked", detail: { id } });
  });
}

export async function listKeys(pool: Pool): Promise<OperatorKey[]> {
  const { rows } = await pool.query<OperatorKey>(
    `SELECT id, note, scopes, networks, floor(extract(epoch FROM created_at))::float8 AS "createdAt",
            floor(extract(epoch FROM revoked_at))::float8 AS "revokedAt"
     FROM operator_keys ORDER BY created_at, id`,
  );
  return rows;
}

/**
 * The id of the operator that may do this. Asked of the database each time, so that a key that is revoked is so on every replica
 * at once. Throws `operator-key-invalid`, for an unknown, a revoked and a foreign network's key alike; `scope-missing`.
 */
export async function requireOperator(
  database: Pool | PoolClient,
  { authorization, ip, scope }: { authorization: string | undefined; ip: string; scope: OperatorScope },
): Promise<string> {
  const key = /^Bearer (slipway_[0-9a-f]{12}_[A-Za-z0-9_-]{43})$/.exec(authorization ?? "")?.[1] ?? "";
  const { rows } = await database.query<{ id: string; scopes: string[]; networks: string[] }>(
    "SELECT id, scopes, networks FROM operator_keys WHERE key_hash = $1 AND revoked_at IS NULL",
    [hashOf(key)],
  );
  const known = rows[0];
  if (known === undefined || !isWithin(ip, known.networks)) throw signerError("operator-key-invalid");
  if (!known.scopes.includes(scope)) throw signerError("scope-missing", scope);
  return known.id;
}

/** An address or a network as 10.0.0.0/8. */
export function isNetwork(text: string): boolean {
  const [address = "", bits = "1", ...more] = text.split("/");
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && more.length === 0 && /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most;
}

function isWithin(ip: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true;
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 4 ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list.check(ip, isIP(ip) === 4 ? "ipv4" : "ipv6");
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
