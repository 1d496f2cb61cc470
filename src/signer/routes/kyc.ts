import type { FastifyInstance } from "fastify";
import type { KycEventAnswer } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { parseFields } from "../http/fields.ts";
import { applyDecision } from "../kyc/applyDecision.ts";
import { kycEvent } from "../kyc/subjectFields.ts";
import { verifyWebhook } from "../kyc/verifyWebhook.ts";
import { auditedTransaction } from "../operators/audit.ts";
import type { SignerContext } from "../orders/SignerContext.ts";

const MOST_AHEAD_SECONDS = 300;

/** Decisions from the KYC provider, signed over the raw body. */
export function kycRoutes(
  app: FastifyInstance,
  { pool, record, now }: SignerContext,
  secrets: readonly Buffer[],
): void {
  app.post("/v1/webhooks/kyc", async (request): Promise<KycEventAnswer> => {
    const time = await now();
    const raw = request.rawBody ?? Buffer.alloc(0);
    verifyWebhook({ header: request.headers["slipway-signature"], raw, secrets, now: time });

    const { id, ...person } = parseFields(kycEvent, request.body);
    if (person.decidedAt.getTime() / 1000 > time + MOST_AHEAD_SECONDS) {
      const got = person.decidedAt.toISOString();
      const problem = {
        code: "field-invalid",
        field: "decidedAt",
        got,
        wanted: "a time that has been",
        wayOut: "Correct it.",
      };
      throw signerError("field-invalid", "", { problems: [problem] });
    }
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
      if (outcome === "older")
        await client.query("UPDATE kyc_events SET outcome = $2 WHERE id = $1", [id, outcome]);
      return { id, outcome };
    });
  });
}
