import type { Pool } from "pg";
import { createBatcher } from "../createBatcher.ts";

/** A partner's request nonce; kept until then, seconds. */
export type RequestNonce = { partner: string; nonce: Buffer; until: number };

/** Uses a nonce up, over all replicas: true for the one request that is the first with it. */
export type Nonces = (nonce: RequestNonce) => Promise<boolean>;

export function createNonces(pool: Pool): Nonces {
  return createBatcher({
    run: async (asked: RequestNonce[]) => {
      const places = asked.map(({ partner, nonce }) => `${partner} ${nonce.toString("base64url")}`);
      const seen = new Set<string>();
      const first = places.map((place) => !seen.has(place) && seen.add(place).has(place));
      const { rows } = await pool.query<{ partner: string; nonce: Buffer }>({
        name: "use-nonces",
        // In one order everywhere, so that two replicas never wait for each other.
        text: `
          INSERT INTO request_nonces (partner, nonce, expires_at)
          SELECT partner, nonce, to_timestamp(max(until))
          FROM unnest($1::text[], $2::bytea[], $3::float8[]) AS asked (partner, nonce, until)
          GROUP BY partner, nonce ORDER BY partner, nonce
          ON CONFLICT DO NOTHING RETURNING partner, nonce`,
        values: [
          asked.map(({ partner }) => partner),
          asked.map(({ nonce }) => nonce),
          asked.map(({ until }) => until),
        ],
      });
      const fresh = new Set(rows.map(({ partner, nonce }) => `${partner} ${nonce.toString("base64url")}`));
      return places.map((place, index) => first[index] === true && fresh.has(place));
    },
    atOnce: 2,
  });
}
