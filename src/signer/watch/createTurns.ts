import type { Pool } from "pg";
import { createBatcher } from "../createBatcher.ts";

/** Where a client stands among all that were told to come back, over all replicas. */
export type Turns = (client: string) => Promise<{ place: number; seconds: number }>;

/** So many are called back a second; the service takes several times as many. */
const TURNS_A_SECOND = 500;
/** Who does not come within this long lines up again. */
const FORGOTTEN_SECONDS = 60;

/** Each client has one turn: asking again before it neither loses nor gains a place. */
export function createTurns(pool: Pool): Turns {
  return createBatcher({
    run: async (clients: string[]) => {
      const { rows } = await pool.query<{ client: string; seconds: number; place: number }>({
        name: "take-turns",
        text: `
          WITH clock AS (SELECT extract(epoch FROM clock_timestamp())::float8 AS now),
          over AS (DELETE FROM turns USING clock WHERE turn < now - $3 AND client <> ALL ($1)),
          last AS (SELECT GREATEST(now, (SELECT max(turn) FROM turns)) AS turn FROM clock),
          taken AS (
            INSERT INTO turns (client, turn)
            SELECT client, last.turn + index::float8 / $2
            FROM last, (SELECT client, row_number() OVER (ORDER BY min(index)) AS index
                        FROM unnest($1::text[]) WITH ORDINALITY AS asked (client, index) GROUP BY client) AS asked
            ORDER BY client
            ON CONFLICT (client) DO UPDATE SET turn =
              CASE WHEN turns.turn < (SELECT now FROM clock) - $3 THEN EXCLUDED.turn ELSE turns.turn END
            RETURNING client, turn
          )
          SELECT client, GREATEST(0, turn - now) AS seconds, round(GREATEST(0, turn - now) * $2) AS place
          FROM taken, clock`,
        values: [clients, TURNS_A_SECOND, FORGOTTEN_SECONDS],
      });
      const found = new Map(rows.map(({ client, seconds, place }) => [client, { seconds, place }]));
      return clients.map((client) => {
        const { seconds, place } = found.get(client) ?? { seconds: 1, place: 1 };
        return { place: Math.max(1, place), seconds: Math.max(1, Math.ceil(seconds)) };
      });
    },
  });
}
