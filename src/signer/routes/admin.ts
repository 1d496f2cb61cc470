import type { FastifyInstance, FastifyRequest } from "fastify";
import { getAddress } from "viem";
import { z } from "zod";
import {
  decisions,
  operatorScopes,
  type Decision,
  type NewestAudit,
  type OperatorOrders,
  type OperatorScope,
} from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { address, hash, label, parseFields, text } from "../http/fields.ts";
import { applyDecision } from "../kyc/applyDecision.ts";
import { country } from "../kyc/subjectFields.ts";
import { auditedTransaction, newestAudit, readAudit } from "../operators/audit.ts";
import { createKey, isNetwork, listKeys, requireOperator, revokeKey } from "../operators/operatorKeys.ts";
import { setStop } from "../operators/stopSwitch.ts";
import { describeOrders } from "../orders/describeOrders.ts";
import { invalidationsOf } from "../orders/invalidations.ts";
import { newestOrders } from "../store/orders.ts";
import type { ClientCounts } from "../watch/createClientCounts.ts";
import type { KeyWatch } from "../watch/createKeyWatch.ts";
import type { SignerContext } from "../orders/SignerContext.ts";

const words = text(/^[^\p{C}]{1,500}$/u, "1 to 500 characters in one line");
export const decisionBody = z.strictObject({
  decision: z.enum(decisions, `one of ${decisions.join(", ")}`),
  /** Why; kept in the audit log. No personal data. */
  reason: words,
  country: country.optional(),
  tier: label.optional(),
});
export const stopBody = z.strictObject({ message: words });
export const limitsBody = z.strictObject({
  /** null: as the policy says, again. */
  requestsPerMinute: z
    .int("a whole number, or null for the policy's")
    .min(1, "at least 1")
    .max(1_000_000, "at most 1,000,000")
    .nullable(),
  reason: words,
});
export const keyBody = z.strictObject({
  note: words,
  scopes: z
    .array(z.enum(operatorScopes, `one of ${operatorScopes.join(", ")}`), "a list of scopes")
    .min(1, "at least one"),
  networks: z
    .array(z.string("an address or a network").refine(isNetwork, "an address or a network as 10.0.0.0/8"))
    .max(20, "at most 20")
    .default([]),
});
export const auditQuery = z.strictObject({
  after: text(/^[0-9]{1,18}$/, "the `next` of the page before")
    .transform(BigInt)
    .default(0n),
});

export const ordersQuery = z.strictObject({
  order: hash.optional(),
  buyer: address.optional(),
  before: text(/^[0-9]{1,18}$/, "the `next` of the page before")
    .transform(BigInt)
    .default(10n ** 18n),
  limit: text(/^([1-9]|[1-4][0-9]|50)$/, "1 to 50")
    .transform(Number)
    .default(50),
});

const PAGE = 200;
const NEWEST = 20;

type SubjectRow = {
  subject: string;
  country: string;
  tier: string;
  decision: string;
  decidedAt: number;
  /** Of the claim, where there is one. */
  latest: number;
  wallets: string[];
  claim: Decision | null;
};
const subjects = `
  SELECT s.subject, s.country, s.tier, s.decision, s.claim,
         extract(epoch FROM greatest(s.decided_at, s.claimed_at))::float8 AS "latest", extract(epoch FROM s.decided_at)::float8 AS "decidedAt",
         ARRAY(SELECT wallet FROM wallets w WHERE w.subject = s.subject ORDER BY wallet) AS wallets
  FROM subjects s`;

/** For operators, each by a key of its own with scopes. What changes something is in the audit log under the key's id. */
export function adminRoutes(
  app: FastifyInstance,
  context: SignerContext,
  { watch, counts }: { watch: Pick<KeyWatch, "used">; counts: Pick<ClientCounts, "refusals"> },
): void {
  const { pool, record } = context;
  const operator = async (request: FastifyRequest, scope: OperatorScope) => {
    const { headers, ip } = request;
    const id = await requireOperator(pool, { authorization: headers.authorization, ip, scope });
    watch.used(`operator ${id}`, ip);
    return id;
  };
  const subjectOf = ({ params }: FastifyRequest) => (params as { subject: string }).subject;

  app.get("/v1/admin/subjects/:subject", async (request) => {
    await operator(request, "subjects:read");
    const { rows } = await pool.query<SubjectRow>(`${subjects} WHERE s.subject = $1`, [subjectOf(request)]);
    if (rows[0] === undefined) throw signerError("subject-unknown");
    return shown(rows[0]);
  });

  app.get("/v1/admin/review", async (request) => {
    await operator(request, "subjects:read");
    const { rows } = await pool.query<SubjectRow>(
      `${subjects} WHERE s.decision = 'pending' OR s.claim IS NOT NULL ORDER BY s.decided_at, s.subject LIMIT ${String(PAGE)}`,
    );
    return { subjects: rows.map(shown) };
  });

  app.post("/v1/admin/subjects/:subject/decision", async (request) => {
    const actor = await operator(request, "subjects:decide");
    const { decision, reason, country: moved, tier } = parseFields(decisionBody, request.body);
    const subject = subjectOf(request);
    const now = await context.now();
    const wallets = await auditedTransaction(pool, async (client) => {
      const { rows } = await client.query<SubjectRow>(`${subjects} WHERE s.subject = $1`, [subject]);
      const known = rows[0];
      if (known === undefined) throw signerError("subject-unknown");
      const decided = {
        ...{ subject, country: moved ?? known.country, tier: tier ?? known.tier },
        ...{ decision, wallets: [] },
      };
      const decidedAt = new Date(Math.max(now, known.latest) * 1000);
      await applyDecision(
        client,
        { ...decided, decidedAt },
        { actor, reason, isOperator: true, walletsPerPerson: record.policy.walletsPerPerson },
      );
      return known.wallets.map((wallet) => getAddress(wallet));
    });
    const closed = decision === "rejected" || decision === "revoked";
    return { subject, decision, invalidate: closed ? await invalidationsOf(context, wallets) : [] };
  });

  app.get("/v1/admin/orders", async (request): Promise<OperatorOrders> => {
    await operator(request, "orders:read");
    const { order, buyer, before, limit } = parseFields(ordersQuery, request.query);
    // One more than is shown tells whether there is another page.
    const stored = await newestOrders(pool, record, { order, buyer, before, limit: limit + 1 });
    const page = stored.slice(0, limit);
    const [orders, invalidate] = await Promise.all([
      describeOrders(context, page),
      invalidationsOf(context, [...new Set(page.map(({ buyer }) => buyer))]),
    ]);
    return { orders, invalidate, next: stored.length > limit ? String(page.at(-1)?.seq) : null };
  });

  app.get("/v1/admin/refusals", async (request) => {
    await operator(request, "orders:read");
    return counts.refusals();
  });

  app.post("/v1/admin/stop", async (request) => {
    const actor = await operator(request, "stop");
    const { message } = parseFields(stopBody, request.body);
    await setStop(pool, actor, message);
    return { stopped: true, message };
  });

  app.post("/v1/admin/resume", async (request) => {
    await setStop(pool, await operator(request, "stop"), undefined);
    return { stopped: false };
  });

  const limitsNow = async () => {
    const change = await context.limits.change();
    const policy = Number(record.policy.requestsPerMinute);
    return { requestsPerMinute: change?.requestsPerMinute ?? policy, policy, change: change ?? null };
  };

  app.get("/v1/admin/limits", async (request) => {
    await operator(request, "limits");
    return limitsNow();
  });

  app.post("/v1/admin/limits", async (request) => {
    const actor = await operator(request, "limits");
    const { requestsPerMinute, reason } = parseFields(limitsBody, request.body);
    await context.limits.set(actor, requestsPerMinute ?? undefined, reason);
    return limitsNow();
  });

  app.get("/v1/admin/keys", async (request) => {
    await operator(request, "keys");
    return { keys: await listKeys(pool) };
  });

  app.post("/v1/admin/keys", async (request, reply) => {
    const actor = await operator(request, "keys");
    return reply.code(201).send(await createKey(pool, actor, parseFields(keyBody, request.body)));
  });

  app.post("/v1/admin/keys/:id/revoke", async (request) => {
    const { id } = request.params as { id: string };
    await revokeKey(pool, await operator(request, "keys"), id);
    return { id, revoked: true };
  });

  app.post("/v1/admin/partner-keys/:keyId/revoke", async (request) => {
    const { keyId } = request.params as { keyId: string };
    await context.revokedKeys.revoke(keyId, await operator(request, "keys"));
    return { id: keyId, revoked: true };
  });

  app.get("/v1/admin/audit", async (request) => {
    await operator(request, "audit:read");
    const { after } = parseFields(auditQuery, request.query);
    const rows = await readAudit(pool, after, PAGE);
    return { rows, next: rows.length < PAGE ? null : (rows.at(-1)?.seq ?? null) };
  });

  app.get("/v1/admin/audit/newest", async (request): Promise<NewestAudit> => {
    await operator(request, "audit:read");
    return { rows: await newestAudit(pool, NEWEST) };
  });
}

function shown({ subject, country, tier, decision, decidedAt, wallets, claim }: SubjectRow) {
  return {
    ...{ subject, country, tier, decision, decidedAt: Math.floor(decidedAt) },
    wallets: wallets.map((wallet) => getAddress(wallet)),
    ...(claim === null ? {} : { claim }),
  };
}
