import { stat } from "node:fs/promises";
import type { Pool } from "pg";
import type { Secrets } from "../secrets/createSecrets.ts";

/** Days since each key was made, by its name. */
export type KeyAges = (now: number) => Promise<Record<string, number>>;

const DAY_SECONDS = 86_400;

/**
 * As far as ages can be known: of each secret the oldest version in use, of operators' keys the oldest that still counts, of partners' keys since their file was written.
 */
export function createKeyAges({
  pool,
  secrets,
  partnersFile,
}: {
  pool: Pool;
  secrets: Pick<Secrets, "ages">;
  partnersFile: string | undefined;
}): KeyAges {
  return async (now) => {
    const ages = new Map<string, number>();
    const note = (name: string, days: number) => ages.set(name, Math.max(ages.get(name) ?? 0, days));
    for (const { secret, days } of await secrets.ages(pool)) note(secret, days);

    const { rows } = await pool.query<{ time: Date | null }>(
      "SELECT min(created_at) AS time FROM operator_keys WHERE revoked_at IS NULL",
    );
    const written = partnersFile === undefined ? undefined : await stat(partnersFile).catch(() => undefined);
    const since = { operators: rows[0]?.time ?? undefined, partners: written?.mtime };
    for (const [name, time] of Object.entries(since)) {
      if (time !== undefined)
        note(name, Math.max(0, Math.floor((now - time.getTime() / 1000) / DAY_SECONDS)));
    }
    return Object.fromEntries(ages);
  };
}
