import { stat } from "node:fs/promises";
import type { Pool } from "pg";
import type { Address } from "viem";

/** Days since each key was made, by its name. */
export type KeyAges = (now: number) => Promise<Record<string, number>>;

const DAY_SECONDS = 86_400;
const SIGNING = "SIGNER_KEY_FILE";

/**
 * As far as ages can be known: since a key's file was written, and of the signing key since the audit log first saw it start,
 * where that is longer; of operators' keys the oldest that still counts.
 */
export function createKeyAges({
  pool,
  signer,
  files,
}: {
  pool: Pool;
  signer: Address;
  /** By the variable that names each. */
  files: Readonly<Record<string, string>>;
}): KeyAges {
  // The log only grows, so its first row about a key is read once.
  let firstStart: number | undefined;

  return async (now) => {
    firstStart ??= await secondsOf(
      "SELECT min(at) AS time FROM audit WHERE action = 'started' AND detail->>'signer' = $1",
      [signer],
    );
    const made: [string, number | undefined][] = [
      [
        "operators",
        await secondsOf("SELECT min(created_at) AS time FROM operator_keys WHERE revoked_at IS NULL"),
      ],
    ];
    for (const [name, path] of Object.entries(files)) {
      const written = await stat(path).then(
        ({ mtimeMs }) => mtimeMs / 1000,
        () => undefined,
      );
      made.push([name, name === SIGNING ? earlier(written, firstStart) : written]);
    }
    return Object.fromEntries(
      made.flatMap(([name, since]) =>
        since === undefined ? [] : [[name, Math.max(0, Math.floor((now - since) / DAY_SECONDS))]],
      ),
    );
  };

  async function secondsOf(query: string, values: unknown[] = []): Promise<number | undefined> {
    const { rows } = await pool.query<{ time: Date | null }>(query, values);
    const time = rows[0]?.time ?? undefined;
    return time === undefined ? undefined : time.getTime() / 1000;
  }
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
