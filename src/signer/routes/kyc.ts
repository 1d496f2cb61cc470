import type { FastifyInstance, FastifyRequest } from "fastify";
import type { KycEventAnswer } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { parseFields } from "../http/fields.ts";
import { applyDecision } from "../kyc/applyDecision.ts";
import { applyProviderEvent } from "../kyc/applyProviderEvent.ts";
import { persona } from "../kyc/providers/persona.ts";
import type { Provider } from "../kyc/providers/Provider.ts";
import { sumsub } from "../kyc/providers/sumsub.ts";
import { kycEvent } from "../kyc/subjectFields.ts";
import type { Checks } from "../kyc/readChecks.ts";
import { verifyWebhook } from "../kyc/verifyWebhook.ts";
import { auditedTransaction } from "../operators/audit.ts";
import type { SignerContext } from "../orders/SignerContext.ts";
import type { Secrets } from "../secrets/createSecrets.ts";
import type { Metrics } from "../watch/createMetrics.ts";

const MOST_AHEAD_SECONDS = 300;

const secretOf = { sumsub: "SUMSUB_SECRET", persona: "PERSONA_SECRET" } as const;

type KycParts = {
  secrets: Pick<Secrets, "list">;
  checks: Checks;
  metrics: Pick<Metrics, "kycEvent">;
};

/** Decisions from the KYC provider, signed over the raw body. */
export function kycRoutes(
  app: FastifyInstance,
  { pool, record, now }: SignerContext,
  { secrets, checks, metrics }: KycParts,
): void {
  app.post("/v1/webhooks/sumsub", async (request) => fromProvider(sumsub, request));
  app.post("/v1/webhooks/persona", async (request) => fromProvider(persona, request));

  async function fromProvider(provider: Provider, request: FastifyRequest): Promise<KycEventAnswer> {
    const time = await now();
    const raw = request.rawBody ?? Buffer.alloc(0);
    const known = secrets.list(secretOf[provider.name]);
    provider.verify({ headers: request.headers, raw, secrets: known, now: time });
    const event = provider.read(request.body);
    requirePast(event.decidedAt, time);
    const answer = await applyProviderEvent(pool, record, provider, checks[provider.name], event);
    metrics.kycEvent({ provider: provider.name, outcome: answer.outcome });
    return answer;
  }

  app.post("/v1/webhooks/kyc", async (request): Promise<KycEventAnswer> => {
    const time = await now();
    const raw = request.rawBody ?? Buffer.alloc(0);
    const header = request.headers["slipway-signature"];
    verifyWebhook({ header, raw, secrets: secrets.list("KYC_WEBHOOK_SECRET"), now: time });

    const { id, ...person } = parseFields(kycEvent, request.body);
    requirePast(person.decidedAt, time);
    return auditedTransaction(pool, async (client) => {
      const { rowCount } = await client.query(
        "INSERT INTO kyc_events (id, outcome) VALUES ($1, 'applied') ON CONFLICT DO NOTHING",
        [id],
      );
      if (rowCount === 0) return { id, outcome: "duplicate" };
      const outcome = await applyDecision(client, person, {
        actor: "webhook",
        walletsPerPerson: record.policy.walletsPerPerson,
      });
      if (outcome !== "applied")
        await client.query("UPDATE kyc_events SET outcome = $2 WHERE id = $1", [id, outcome]);
      return { id, outcome };
    });
  });
}

/** What a person's check at the provider begins with, told to a wallet of that person alone. */
export function referenceRoute(app: FastifyInstance, { pool }: Pick<SignerContext, "pool">): void {
  app.get("/v1/kyc/reference", async ({ principal }) => {
    if (principal?.kind !== "buyer") throw signerError("session-required");
    const { rows } = await pool.query<{ reference: string }>(
      "SELECT reference FROM subjects JOIN wallets USING (subject) WHERE wallet = $1",
      [principal.wallet.toLowerCase()],
    );
    if (rows[0] === undefined) throw signerError("kyc-missing");
    return rows[0];
  });
}

function requirePast(decidedAt: Date, now: number): void {
  if (decidedAt.getTime() / 1000 <= now + MOST_AHEAD_SECONDS) return;
  const got = decidedAt.toISOString();
  const problem = {
    code: "field-invalid",
    field: "decidedAt",
    got,
    wanted: "a time that has been",
    wayOut: "Correct it.",
  };
  throw signerError("field-invalid", "", { problems: [problem] });
}
