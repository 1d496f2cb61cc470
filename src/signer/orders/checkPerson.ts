import type { Policy, PolicyTier } from "../../sdk/policy.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Person } from "./readPerson.ts";

/** May this person be sold to at all? Chain time does not matter here. Throws the reason. */
export function checkPerson({
  person,
  sanctioned,
  policy,
  now,
}: {
  person: Person | undefined;
  /** The buying wallet, or another of the person's, is on the list. */
  sanctioned: boolean;
  policy: Policy;
  /** Seconds, by the database's clock. */
  now: number;
}): { person: Person; tier: PolicyTier } {
  if (sanctioned) throw signerError("wallet-sanctioned");
  if (person === undefined) throw signerError("kyc-missing");
  if (person.decision === "pending") throw signerError("kyc-pending");
  if (person.decision === "rejected") throw signerError("kyc-rejected");
  if (person.decision === "revoked") throw signerError("kyc-revoked");
  if (now - person.decidedAt > Number(policy.decisionMaxAgeSeconds)) throw signerError("kyc-too-old");
  if (isDenied(person.country, policy.deniedCountries)) throw signerError("country-denied", person.country);
  if (BigInt(person.wallets.length) > policy.walletsPerPerson) throw signerError("too-many-wallets");
  const tier = policy.tiers.find(({ id }) => id === person.tier);
  if (tier === undefined) throw signerError("tier-unknown", person.tier);
  return { person, tier };
}

/**
 * Of several countries of a person one is enough. A denied country denies its subdivisions. A person known only by a country of which a part is denied may live in that
 * part, so it is denied as well.
 */
export function isDenied(countries: string, denied: readonly string[]): boolean {
  return countries
    .split("+")
    .some((country) =>
      denied.some(
        (code) => code === country || country.startsWith(`${code}-`) || code.startsWith(`${country}-`),
      ),
    );
}
