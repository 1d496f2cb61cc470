import type { Pool } from "pg";
import type { Policy } from "../../sdk/policy.ts";
import { appendAudit, auditedTransaction } from "./audit.ts";

/** What an operator set in place of the policy's, while a launch runs. */
export type LimitChange = { requestsPerMinute: number; reason: string; by: string; at: number };

export type Limits = {
  /** Of a client, in force; at most `MEMORY_MS` behind on another replica. */
  requestsPerMinute: () => Promise<number>;
  /**
   * Of an address that is not signed in: many people share one. Never below the policy's, as operators and providers come this
   * way too.
   */
  requestsPerMinuteOfAddress: () => Promise<number>;
  /** The change in force, from the database; undefined while the policy's count. */
  change: () => Promise<LimitChange | undefined>;
  /** Undefined: the policy's again. */
  set: (actor: string, requestsPerMinute: number | undefined, reason: string) => Promise<void>;
};

const MEMORY_MS = 1_000;
/** Many people share an address behind a provider's or an office's gate. */
const PEOPLE_AN_ADDRESS = 20;

export function createLimits(
  pool: Pool,
  policy: Policy,
  monotonic: () => number = () => performance.now(),
): Limits {
  let known: { at: number; limit: Promise<number> } | undefined;

  async function change(): Promise<LimitChange | undefined> {
    const { rows } = await pool.query<{ [Field in keyof LimitChange]: LimitChange[Field] | null }>(
      `SELECT requests_per_minute AS "requestsPerMinute", reason, actor AS by, floor(extract(epoch FROM at))::float8 AS at
       FROM limits ORDER BY seq DESC LIMIT 1`,
    );
    return rows[0]?.requestsPerMinute == null ? undefined : (rows[0] as LimitChange);
  }

  const requestsPerMinute = (): Promise<number> => {
    const at = monotonic();
    if (known === undefined || at - known.at >= MEMORY_MS) {
      const limit = change().then((set) => set?.requestsPerMinute ?? Number(policy.requestsPerMinute));
      const fresh = { at, limit };
      known = fresh;
      limit.catch(() => {
        if (known === fresh) known = undefined;
      });
    }
    return known.limit;
  };

  return {
    ...{ change, requestsPerMinute },
    requestsPerMinuteOfAddress: async () =>
      Math.max(await requestsPerMinute(), Number(policy.requestsPerMinute)) * PEOPLE_AN_ADDRESS,
    set: async (actor, requestsPerMinute, reason) => {
      await auditedTransaction(pool, async (client) => {
        await client.query("INSERT INTO limits (requests_per_minute, reason, actor) VALUES ($1, $2, $3)", [
          ...[requestsPerMinute ?? null, reason, actor],
        ]);
        const detail = { requestsPerMinute: requestsPerMinute ?? "as the policy says", reason };
        await appendAudit(client, { actor, action: "limits-changed", detail });
      });
      known = undefined;
    },
  };
}
