import type { Pool } from "pg";
import { z } from "zod";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { KycEventAnswer } from "../../sdk/signerApi.ts";
import { appendAudit, auditedTransaction } from "../operators/audit.ts";
import { applyDecision } from "./applyDecision.ts";
import type { Check } from "./readChecks.ts";
import type { Provider, ProviderEvent } from "./providers/Provider.ts";

const LOCAL_CHAIN = 31337;

/**
 * Applies what a provider decided about a person that is known. `ignored`, with a row in the audit log, for one that is not, for
 * an event of a check that is not among `checks` for the person's tier or that decides nothing, and for the sandbox's on a
 * chain where money is real.
 */
export function applyProviderEvent(
  pool: Pool,
  { chainId, policy }: Pick<LaunchRecord, "chainId" | "policy">,
  { name }: Provider,
  checks: readonly Check[],
  { id, subject, reference, check, decision, decidedAt, sandbox }: ProviderEvent,
): Promise<KycEventAnswer> {
  return auditedTransaction(pool, async (client): Promise<KycEventAnswer> => {
    const { rowCount } = await client.query(
      "INSERT INTO kyc_events (id, outcome) VALUES ($1, 'applied') ON CONFLICT DO NOTHING",
      [id],
    );
    if (rowCount === 0) return { id, outcome: "duplicate" };
    const { rows } = await client.query<{ subject: string; country: string; tier: string }>(
      `SELECT subject, country, tier FROM subjects WHERE subject = $1 OR reference = $2
       ORDER BY subject = $1 DESC LIMIT 1`,
      [subject, z.guid().safeParse(reference).data ?? null],
    );
    const known = rows[0];
    const ignore = async (why: string): Promise<KycEventAnswer> => {
      await client.query("UPDATE kyc_events SET outcome = 'ignored' WHERE id = $1", [id]);
      await appendAudit(client, { actor: name, action: "event-ignored", detail: { id, why } });
      return { id, outcome: "ignored" };
    };
    if (sandbox && chainId !== LOCAL_CHAIN) return ignore("sandbox");
    if (known === undefined) return ignore("unknown person");
    const counts = checks.some((one) => one.name === check && (one.tier ?? known.tier) === known.tier);
    if (!counts) return ignore(`not a check of tier ${known.tier}: ${check ?? "none named"}`);
    if (decision === undefined) return ignore("no decision");

    const person = { ...known, decision, decidedAt, wallets: [] };
    const by = { actor: name, walletsPerPerson: policy.walletsPerPerson };
    const outcome = await applyDecision(client, person, by);
    if (outcome !== "applied")
      await client.query("UPDATE kyc_events SET outcome = $2 WHERE id = $1", [id, outcome]);
    return { id, outcome };
  });
}
