import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { signerError } from "../../../sdk/signerErrors.ts";
import { label, parseFields, text } from "../../http/fields.ts";
import type { Provider } from "./Provider.ts";

/** SHA-1, which Sumsub offers as well, is not accepted. */
const algorithms: Record<string, string> = { HMAC_SHA256_HEX: "sha256", HMAC_SHA512_HEX: "sha512" };

const event = z.object({
  type: label,
  applicantId: label,
  externalUserId: label.optional(),
  correlationId: label,
  levelName: text(/^[\x20-\x7e]{1,128}$/, "1 to 128 ASCII characters").optional(),
  createdAtMs: text(
    /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/,
    "a time as 2026-01-31 12:00:00.000, in UTC",
  ).transform((time) => new Date(`${time.replace(" ", "T")}Z`)),
  sandboxMode: z.boolean("true or false").optional(),
  reviewResult: z.object({ reviewAnswer: label.optional(), reviewRejectType: label.optional() }).optional(),
});

const pending = new Set([
  "applicantCreated",
  "applicantPending",
  "applicantOnHold",
  "applicantReset",
  "applicantAwaitingUser",
]);
const revoked = new Set(["applicantDeactivated", "applicantDeleted"]);

/** `X-Payload-Digest`: HMAC of the raw body in hex, by the algorithm that `X-Payload-Digest-Alg` names. */
export const sumsub: Provider = {
  name: "sumsub",
  verify: ({ headers, raw, secrets }) => {
    const algorithm = algorithms[String(headers["x-payload-digest-alg"])];
    const digest = headers["x-payload-digest"];
    if (
      algorithm === undefined ||
      typeof digest !== "string" ||
      !/^([0-9a-f]{64}|[0-9a-f]{128})$/.test(digest)
    )
      throw signerError(
        "webhook-signature-invalid",
        "no X-Payload-Digest by HMAC_SHA256_HEX or HMAC_SHA512_HEX",
      );
    const given = Buffer.from(digest, "hex");
    let valid = false;
    for (const secret of secrets) {
      const wanted = createHmac(algorithm, secret).update(raw).digest();
      // All are compared, so that time tells nothing.
      if (wanted.length === given.length) valid = timingSafeEqual(wanted, given) || valid;
    }
    if (!valid) throw signerError("webhook-signature-invalid", "X-Payload-Digest does not fit the body");
  },
  read: (body) => {
    const { type, applicantId, externalUserId, correlationId, createdAtMs, ...rest } = parseFields(
      event,
      body,
    );
    return {
      id: `sumsub ${correlationId} ${type} ${createdAtMs.toISOString()}`,
      // Chosen where the access token is made: on the operator's server.
      subject: externalUserId ?? applicantId,
      reference: externalUserId,
      check: rest.levelName,
      decision: decisionOf(type, rest.reviewResult),
      decidedAt: createdAtMs,
      sandbox: rest.sandboxMode === true,
    };
  },
};

function decisionOf(
  type: string,
  result: { reviewAnswer?: string | undefined; reviewRejectType?: string | undefined } = {},
) {
  if (pending.has(type)) return "pending";
  if (revoked.has(type)) return "revoked";
  if (type !== "applicantReviewed") return undefined;
  if (result.reviewAnswer === "GREEN") return "approved";
  // Anything but green: RETRY lets the person bring another document.
  return result.reviewRejectType === "RETRY" ? "pending" : "rejected";
}
