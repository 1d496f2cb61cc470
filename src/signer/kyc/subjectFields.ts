import { z } from "zod";
import { decisions } from "../../sdk/signerApi.ts";
import { address, instant, label } from "../http/fields.ts";

/** ISO 3166-1 alpha-2, or 3166-2 with a subdivision, in upper case: what the policy's denied countries are written in. */
export const country = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, "an ISO 3166 code as DE or UA-43")
  .refine((code) => code !== "XX" && code !== "ZZ", "a country that exists");

export const decision = z.enum(decisions, `one of ${decisions.join(", ")}`);

export const kycEvent = z.strictObject({
  id: label,
  decidedAt: instant,
  subject: label,
  wallets: z.array(address).max(100, "at most 100 wallets"),
  country,
  tier: label,
  decision,
});
