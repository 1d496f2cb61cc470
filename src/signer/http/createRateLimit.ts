import type { FastifyReply } from "fastify";
import type { Pool } from "pg";
import { signerError } from "../../sdk/signerErrors.ts";
import { createBatcher, type Batcher } from "../createBatcher.ts";

/** A token bucket for each client, shared by all replicas; takes one token or throws `rate-limited`. */
export type RateLimit = (parameters: {
  client: string;
  perMinute: number;
  now: number;
  reply: FastifyReply;
}) => Promise<void>;

type Asked = { client: string; now: number };
type Taken = { taken: boolean; tokens: number };

/** A refused attempt takes nothing, so it does not lengthen the wait. */
export function createRateLimit(pool: Pool): RateLimit {
  const buckets = new Map<number, Batcher<Asked, Taken>>();

  return async ({ client, perMinute, now, reply }) => {
    let take = buckets.get(perMinute);
    if (take === undefined) {
      take = createBatcher({ run: (asked: Asked[]) => takeAll(pool, perMinute, asked), atOnce: 2 });
      buckets.set(perMinute, take);
    }
    const { taken, tokens } = await take({ client, now });
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

/** What a bucket holds by now, before anything is taken. */
const FILLED = "LEAST($3::float8, b.tokens + GREATEST(0, $4::float8 - b.at) * $3::float8 / 60)";

/** One statement for all clients of a turn; of one client's requests as many pass as there are tokens, the first ones. */
async function takeAll(pool: Pool, perMinute: number, asked: readonly Asked[]): Promise<Taken[]> {
  const counts = new Map<string, number>();
  for (const { client } of asked) counts.set(client, (counts.get(client) ?? 0) + 1);
  const now = Math.max(...asked.map((one) => one.now));
  const { rows } = await pool.query<{ client: string; tokens: number; granted: number }>({
    name: "take-tokens",
    text: `
      INSERT INTO rate_buckets AS b (client, tokens, at, asked, granted)
      SELECT client, $3::float8 - LEAST(asked, floor($3::float8)), $4::float8, asked, LEAST(asked, floor($3::float8))
      FROM unnest($1::text[], $2::float8[]) AS wanted (client, asked) ORDER BY client
      ON CONFLICT (client) DO UPDATE
        SET tokens = ${FILLED} - LEAST(EXCLUDED.asked, floor(${FILLED})),
            granted = LEAST(EXCLUDED.asked, floor(${FILLED})), asked = EXCLUDED.asked,
            at = GREATEST(b.at, $4::float8)
      RETURNING client, tokens, granted`,
    values: [[...counts.keys()], [...counts.values()], perMinute, now],
  });
  const left = new Map(rows.map(({ client, tokens, granted }) => [client, { tokens, granted }]));
  return asked.map(({ client }) => {
    const bucket = left.get(client);
    if (bucket === undefined) return { taken: false, tokens: 0 };
    bucket.granted -= 1;
    // The first of several left more behind than the last; those that pass are told of what was left to them.
    return { taken: bucket.granted >= 0, tokens: bucket.tokens + Math.max(0, bucket.granted) };
  });
}
