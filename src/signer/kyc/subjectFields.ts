import { z } from "zod";
import { decisions } from "../../sdk/signerApi.ts";
import { address, instant, label, text } from "../http/fields.ts";

/**
 * ISO 3166-1 alpha-2, or 3166-2 with a subdivision, in upper case: what the policy's denied countries are written in. Of
 * somebody with several (residence, nationalities) all of them, at most four, with a plus between.
 */
export const country = text(
  /^[A-Z]{2}(-[A-Z0-9]{1,3})?(\+[A-Z]{2}(-[A-Z0-9]{1,3})?){0,3}$/,
  "an ISO 3166 code as DE or UA-43, or several as DE+UA-43",
).refine(
  (codes) => codes.split("+").every((code) => exists(code.slice(0, 2))),
  "the code of a country that exists",
);

const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
/** Unions, made-up regions, and parts of countries that the standard only reserves: the country itself may be denied. */
const noCountry = new Set([
  "EU",
  "EZ",
  "UN",
  "QO",
  "XA",
  "XB",
  "ZZ",
  "AC",
  "CP",
  "CQ",
  "DG",
  "EA",
  "IC",
  "TA",
]);

/** An alias, as UK of GB or SU of RU, would walk past the policy's list: only the code in force counts. */
function exists(code: string): boolean {
  if (noCountry.has(code) || names.of(code) === undefined) return false;
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}

export const decision = z.enum(decisions, `one of ${decisions.join(", ")}`);

export const kycEvent = z.strictObject({
  id: label,
  decidedAt: instant,
  subject: label,
  wallets: z.array(address, "a list of addresses").max(100, "at most 100 wallets"),
  country,
  tier: label,
  decision,
});
