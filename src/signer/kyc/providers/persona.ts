import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { signerError } from "../../../sdk/signerErrors.ts";
import type { Decision } from "../../../sdk/signerApi.ts";
import { instant, label, parseFields } from "../../http/fields.ts";
import type { Provider } from "./Provider.ts";

const TOLERANCE_SECONDS = 300;

const related = z.object({ data: z.object({ id: label }).nullish() }).optional();

const event = z.object({
  data: z.object({
    id: label,
    attributes: z.object({
      name: label,
      "created-at": instant,
      payload: z.object({
        data: z.object({
          id: label,
          attributes: z.object({ "reference-id": label.nullish() }),
          relationships: z.object({ "inquiry-template": related, template: related }).optional(),
        }),
      }),
    }),
  }),
});

const decisions: Record<string, Decision> = {
  "inquiry.created": "pending",
  "inquiry.started": "pending",
  "inquiry.completed": "pending",
  "inquiry.marked-for-review": "pending",
  "inquiry.approved": "approved",
  "inquiry.declined": "rejected",
  "inquiry.failed": "rejected",
  "inquiry.redacted": "revoked",
};

/** `Persona-Signature: t=<seconds>,v1=<hex>`, HMAC-SHA256 of `<t>.<raw body>`; two of these with a blank between while a secret changes. */
export const persona: Provider = {
  name: "persona",
  verify: ({ headers, raw, secrets, now }) => {
    const header = headers["persona-signature"];
    const given = typeof header === "string" ? header.split(" ").map(partsOf) : [];
    if (given.length === 0 || given.length > 4 || given.includes(undefined))
      throw signerError("webhook-signature-invalid", "no Persona-Signature of the form t=…,v1=…");
    let valid = false;
    for (const { time, hmac } of given.filter((one) => one !== undefined)) {
      if (Math.abs(Number(time) - now) > TOLERANCE_SECONDS) continue;
      for (const secret of secrets) {
        const wanted = createHmac("sha256", secret).update(`${time}.`).update(raw).digest();
        valid = timingSafeEqual(wanted, hmac) || valid;
      }
    }
    if (!valid)
      throw signerError(
        "webhook-signature-invalid",
        "no v1 fits the body, or t is more than 300 s from now",
        {
          serverTime: Math.floor(now),
        },
      );
  },
  read: (body) => {
    const { id, attributes } = parseFields(event, body).data;
    const { data } = attributes.payload;
    const { "inquiry-template": template, template: older } = data.relationships ?? {};
    return {
      id: `persona ${id}`,
      // Not the reference-id, which a link or a page may hold: whoever knew another's could decide about that person.
      subject: data.id,
      reference: data.attributes["reference-id"] ?? undefined,
      check: template?.data?.id ?? older?.data?.id,
      decision: decisions[attributes.name],
      decidedAt: attributes["created-at"],
      // Its sandbox has secrets of its own.
      sandbox: false,
    };
  },
};

function partsOf(pair: string): { time: string; hmac: Buffer } | undefined {
  const [, time = "", hex = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(pair) ?? [];
  return time === "" ? undefined : { time, hmac: Buffer.from(hex, "hex") };
}
