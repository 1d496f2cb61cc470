import type { Pool } from "pg";
import type { Refusals } from "../../sdk/signerApi.ts";

/** How the requests of each client ended, over all replicas: `issued`, `replayed`, `answered`, or the code of the refusal. */
export type ClientCounts = {
  count: (client: string, outcome: string) => void;
  /** Adds what was counted since to the database; what it does not take is kept for the next time. */
  flush: () => Promise<void>;
  /** By day, the newest first, of the last 30 days. */
  read: (client: string) => Promise<{ day: string; counts: Record<string, number> }[]>;
  /** Refusals of all clients by code in those days, the most frequent first. */
  refusals: () => Promise<Refusals>;
};

const DAYS_SHOWN = 30;
/** Principals are known ones, but a crowd has many. */
const FLUSH_AT = 5_000;

export function createClientCounts(pool: Pool): ClientCounts {
  let counted = new Map<string, { client: string; outcome: string; count: number }>();

  async function flush(): Promise<void> {
    const taken = [...counted.values()];
    if (taken.length === 0) return;
    counted = new Map();
    try {
      await pool.query({
        name: "count-clients",
        // In one order everywhere, so that two replicas never wait for each other.
        text: `
          INSERT INTO client_counts AS c (client, day, outcome, count)
          SELECT client, (now() AT TIME ZONE 'UTC')::date, outcome, count
          FROM unnest($1::text[], $2::text[], $3::bigint[]) AS taken (client, outcome, count) ORDER BY client, outcome
          ON CONFLICT (client, day, outcome) DO UPDATE SET count = c.count + EXCLUDED.count`,
        values: [
          taken.map(({ client }) => client),
          taken.map(({ outcome }) => outcome),
          taken.map(({ count }) => count),
        ],
      });
    } catch (error) {
      for (const { client, outcome, count } of taken) add(client, outcome, count);
      throw error;
    }
  }

  function add(client: string, outcome: string, more: number): void {
    const place = `${client} ${outcome}`;
    const known = counted.get(place) ?? { client, outcome, count: 0 };
    counted.set(place, { ...known, count: known.count + more });
  }

  return {
    count: (client, outcome) => {
      add(client, outcome, 1);
      if (counted.size === FLUSH_AT) flush().catch(() => undefined);
    },
    flush,
    read: async (client) => {
      await flush();
      const { rows } = await pool.query<{ day: string; counts: Record<string, number> }>(
        `SELECT to_char(day, 'YYYY-MM-DD') AS day, jsonb_object_agg(outcome, count) AS counts FROM client_counts
         WHERE client = $1 AND day > (now() AT TIME ZONE 'UTC')::date - $2::int GROUP BY day ORDER BY day DESC`,
        [client, DAYS_SHOWN],
      );
      return rows;
    },
    refusals: async () => {
      await flush();
      const { rows } = await pool.query<Refusals["refusals"][number]>(
        `SELECT outcome AS code, sum(count)::float8 AS count FROM client_counts
         WHERE day > (now() AT TIME ZONE 'UTC')::date - $1::int AND outcome NOT IN ('issued', 'replayed', 'answered')
         GROUP BY outcome ORDER BY count DESC, outcome`,
        [DAYS_SHOWN],
      );
      return { days: DAYS_SHOWN, refusals: rows };
    },
  };
}
