import type { FastifyReply } from "fastify";
import type { Pool } from "pg";
import { signerError } from "../../sdk/signerErrors.ts";

/** A token bucket for each client, shared by all replicas; takes one token or throws `rate-limited`. */
export type RateLimit = (parameters: {
  client: string;
  perMinute: number;
  now: number;
  reply: FastifyReply;
}) => Promise<void>;

/** A refused attempt takes nothing, so it does not lengthen the wait. */
export function createRateLimit(pool: Pool): RateLimit {
  return async ({ client, perMinute, now, reply }) => {
    const { rows } = await pool.query<{ taken: boolean; tokens: number }>(
      `WITH taken AS (
         INSERT INTO rate_buckets AS b (client, tokens, at) VALUES ($1, $2::float8 - 1, $3::float8)
         ON CONFLICT (client) DO UPDATE
           SET tokens = LEAST($2::float8, b.tokens + GREATEST(0, $3::float8 - b.at) * $2::float8 / 60) - 1,
               at = GREATEST(b.at, $3::float8)
           WHERE LEAST($2::float8, b.tokens + GREATEST(0, $3::float8 - b.at) * $2::float8 / 60) >= 1
         RETURNING tokens
       )
       SELECT true AS taken, tokens FROM taken
       UNION ALL
       SELECT false, LEAST($2::float8, b.tokens + GREATEST(0, $3::float8 - b.at) * $2::float8 / 60)
         FROM rate_buckets b WHERE client = $1 AND NOT EXISTS (SELECT FROM taken)`,
      [client, perMinute, now],
    );
    const { taken = true, tokens = 0 } = rows[0] ?? {};
    const seconds = Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute));
    void reply.header("ratelimit-policy", `"client";q=${String(perMinute)};w=60`);
    void reply.header(
      "ratelimit",
      `"client";r=${String(Math.max(0, Math.floor(tokens)))};t=${String(seconds)}`,
    );
    if (!taken)
      throw signerError("rate-limited", `more than ${String(perMinute)} a minute`, { retryAfter: seconds });
  };
}
