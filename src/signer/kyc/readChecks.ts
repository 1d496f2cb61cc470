import type { Problem } from "../../sdk/problem.ts";
import type { Policy } from "../../sdk/policy.ts";
import type { ListName } from "../secrets/createSecrets.ts";
import type { Environment } from "../secrets/SecretSource.ts";
import type { Provider } from "./providers/Provider.ts";

/** A check of the provider's (Sumsub's level, Persona's template) that decides, about people of this tier or of any. */
export type Check = { name: string; tier: string | undefined };
export type Checks = Readonly<Record<Provider["name"], readonly Check[]>>;

const fields = {
  sumsub: ["SUMSUB_LEVELS", "SUMSUB_SECRET", "names of levels"],
  persona: ["PERSONA_TEMPLATES", "PERSONA_SECRET", "ids of inquiry templates"],
} as const satisfies Record<Provider["name"], readonly [string, ListName, string]>;

/** A provider's account has templates for other purposes, some of which ask for next to nothing: only those named decide. */
export function readChecks(
  env: Environment,
  { policy, uses, problems }: { policy: Policy; uses: (secret: ListName) => boolean; problems: Problem[] },
): Checks {
  const read = (provider: Provider["name"]): Check[] => {
    const [field, secret, what] = fields[provider];
    const wrong = (got: string, wanted: string): void => {
      problems.push({ code: "config-invalid", field, got, wanted, wayOut: `Set ${field}.` });
    };
    const parts = (env[field] ?? "").split(",").map((part) => part.trim());
    const checks = parts
      .filter((part) => part !== "")
      .map((part): Check => {
        const [, tier, name = ""] = /^(?:([^=]*)=)?(.*)$/.exec(part) ?? [];
        if (name === "") wrong(part, `${what}, or tier=name`);
        if (tier !== undefined && policy.tiers.every(({ id }) => id !== tier))
          wrong(part, `one of the tiers ${policy.tiers.map(({ id }) => id).join(", ")} before =`);
        return { name, tier };
      });
    if (uses(secret) && checks.length === 0) wrong("nothing", `${what} that decide, as ${secret} is set`);
    return checks;
  };
  return { sumsub: read("sumsub"), persona: read("persona") };
}
