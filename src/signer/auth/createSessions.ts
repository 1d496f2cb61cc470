import { createHash, randomBytes } from "node:crypto";
import type { Pool } from "pg";
import { getAddress, type Address } from "viem";
import { inTransaction } from "../../database/pool.ts";
import type { Session } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { createBatcher } from "../createBatcher.ts";

/** Logins of wallets. Nonces and tokens are stored as hashes: who reads the database cannot act for anybody. */
export type Sessions = {
  newNonce: (now: number) => Promise<string>;
  /** Was given, and is neither used nor over. */
  hasNonce: (nonce: string, now: number) => Promise<boolean>;
  /** Consumes the nonce and opens the session in one step; throws `login-refused` for a nonce that is used or over. */
  open: (login: { wallet: Address; nonce: string; now: number }) => Promise<Session>;
  /** The session's wallet, and whether a person it belongs to is approved; throws `session-invalid`. */
  buyerOf: (token: string, now: number) => Promise<{ wallet: Address; isApproved: boolean }>;
  /** Removes what is over. */
  purge: (now: number) => Promise<void>;
};

export const NO_NONCE = "the nonce is unknown, used or over";
const NONCE_SECONDS = 600;
const SESSION_SECONDS = 3_600;

export function createSessions(pool: Pool): Sessions {
  const find = createBatcher({
    run: async (hashes: Buffer[]) => {
      const { rows } = await pool.query<{
        index: string;
        wallet: string;
        approved: boolean;
        expires_at: number;
      }>({
        name: "find-sessions",
        text: `
          SELECT asked.index, s.wallet, extract(epoch FROM s.expires_at)::float8 AS expires_at,
                 coalesce(p.decision = 'approved', false) AS approved
          FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (hash, index) JOIN sessions s ON s.token_hash = asked.hash
          LEFT JOIN wallets w ON w.wallet = s.wallet LEFT JOIN subjects p ON p.subject = w.subject`,
        values: [hashes],
      });
      const found = new Array<{ wallet: string; isApproved: boolean; expiresAt: number } | undefined>(
        hashes.length,
      ).fill(undefined);
      for (const { index, wallet, approved, expires_at } of rows)
        found[Number(index) - 1] = { wallet, isApproved: approved, expiresAt: expires_at };
      return found;
    },
    atOnce: 2,
  });

  return {
    newNonce: async (now) => {
      const nonce = randomBytes(16).toString("hex");
      await pool.query("INSERT INTO login_nonces VALUES ($1, to_timestamp($2))", [
        hashOf(nonce),
        now + NONCE_SECONDS,
      ]);
      return nonce;
    },
    hasNonce: async (nonce, now) => {
      const { rowCount } = await pool.query(
        "SELECT FROM login_nonces WHERE nonce_hash = $1 AND expires_at > to_timestamp($2)",
        [hashOf(nonce), now],
      );
      return rowCount === 1;
    },
    open: async ({ wallet, nonce, now }) => {
      const token = randomBytes(32).toString("base64url");
      const expiresAt = Math.floor(now) + SESSION_SECONDS;
      await inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          "DELETE FROM login_nonces WHERE nonce_hash = $1 AND expires_at > to_timestamp($2)",
          [hashOf(nonce), now],
        );
        if (rowCount !== 1) throw signerError("login-refused", NO_NONCE);
        await client.query("INSERT INTO sessions VALUES ($1, $2, to_timestamp($3))", [
          hashOf(token),
          wallet.toLowerCase(),
          expiresAt,
        ]);
      });
      return { token, wallet, expiresAt };
    },
    buyerOf: async (token, now) => {
      const session = await find(hashOf(token));
      if (session === undefined || session.expiresAt <= now) throw signerError("session-invalid");
      return { wallet: getAddress(session.wallet), isApproved: session.isApproved };
    },
    purge: async (now) => {
      for (const table of ["login_nonces", "sessions", "request_nonces"]) {
        await pool.query(`DELETE FROM ${table} WHERE expires_at < to_timestamp($1)`, [now]);
      }
      await pool.query("DELETE FROM rate_buckets WHERE at < $1", [now - 600]);
    },
  };
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
