import type { Readiness } from "../../sdk/signerApi.ts";

const WARN_FROM_DAYS = 75;
const RED_FROM_DAYS = 90;

/** Keys and secrets to rotate: an old one is not a wrong one, so the service stays ready. */
export function ageWarnings(ages: Readonly<Record<string, number>>): NonNullable<Readiness["warnings"]> {
  return Object.entries(ages)
    .filter(([, days]) => days >= WARN_FROM_DAYS)
    .map(([name, days]) => ({
      ...{ name: `age of ${name}`, red: days >= RED_FROM_DAYS, got: `${String(days)} days` },
      wanted: `below ${String(RED_FROM_DAYS)}`,
      wayOut: "Rotate it: docs/signer.md says how, with an overlap in which no request is lost.",
    }));
}
