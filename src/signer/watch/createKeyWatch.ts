import type { Pool } from "pg";
import { appendAudit } from "../operators/audit.ts";
import { networkOf } from "../../service/networkOf.ts";

/** The address itself is not kept. */
const AS_OPERATORS_KNOW = { v4: 24, v6: 48 } as const;
/** A use that a key was never seen to have: a network, an hour of the day (UTC), or so many requests a minute. */
export type UnusualUse = { key: string; trait: "network" | "hour" | "rate"; value: string };

export type KeyWatch = {
  used: (key: string, ip?: string) => void;
  /** Compares a minute's uses with all before; what is unusual is in the audit log too. */
  look: () => Promise<UnusualUse[]>;
};

/** So long a key's uses are learnt before a new one is unusual. */
const LEARNING_DAYS = { network: 1, hour: 7, rate: 1 } as const;
/** Below this many a minute, faster than ever is nothing. */
const LEAST_RATE = 64;

export function createKeyWatch(pool: Pool): KeyWatch {
  let uses = new Map<string, { count: number; networks: Set<string> }>();

  return {
    used: (key, ip) => {
      const known = uses.get(key) ?? { count: 0, networks: new Set() };
      known.count += 1;
      if (ip !== undefined) known.networks.add(networkOf(ip, AS_OPERATORS_KNOW));
      uses.set(key, known);
    },
    look: async () => {
      const taken = uses;
      uses = new Map();
      const unusual: UnusualUse[] = [];
      for (const [key, { count, networks }] of taken) {
        const seen: [UnusualUse["trait"], string | null][] = [
          ...[...networks].map((network): [UnusualUse["trait"], string] => ["network", network]),
          ["hour", null],
        ];
        // Doubling each time, so that a little more than ever is not news.
        for (let rate = LEAST_RATE; rate <= count; rate *= 2) seen.push(["rate", String(rate)]);
        for (const [trait, value] of seen) {
          const found = await note(key, trait, value);
          if (found !== undefined) unusual.push({ key, trait, value: found });
        }
      }
      for (const use of unusual)
        await appendAudit(pool, { actor: "service", action: "key-use-unusual", detail: use });
      return unusual;
    },
  };

  /** The value where it is new for a key that has been known for long enough. */
  async function note(
    key: string,
    trait: UnusualUse["trait"],
    value: string | null,
  ): Promise<string | undefined> {
    const { rows } = await pool.query<{ value: string }>({
      name: "note-trait",
      text: `
        WITH before AS (SELECT min(first_seen) AS since FROM key_traits WHERE key = $1),
        noted AS (
          INSERT INTO key_traits (key, trait, value)
          VALUES ($1, $2, COALESCE($3, to_char(now() AT TIME ZONE 'UTC', 'HH24')))
          ON CONFLICT (key, trait, value) DO UPDATE SET last_seen = now() RETURNING value, (xmax = 0) AS fresh
        )
        SELECT value FROM noted, before WHERE fresh AND since < now() - make_interval(days => $4)`,
      values: [key, trait, value, LEARNING_DAYS[trait]],
    });
    return rows[0]?.value;
  }
}
