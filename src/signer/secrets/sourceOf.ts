import { awsSecret } from "./awsSecretsManager.ts";
import { environmentSecret } from "./environment.ts";
import { fileSecret } from "./file.ts";
import type { Environment, Network, SecretSource } from "./SecretSource.ts";
import { vaultSecret } from "./vault.ts";

/** What a reference to a secret may look like, as a person writes it. */
export const REFERENCES = "env:NAME, file:/path, aws:name-or-ARN[#member] or vault:mount/data/path#member";

export type Reference = { store: "env" | "file" | "aws" | "vault"; source: SecretSource };

/** The source that a reference names; undefined where it names none. The next store is one more case here. */
export function sourceOf(reference: string, env: Environment, network: Network): Reference | undefined {
  const [, store, rest = ""] = /^([a-z]+):(.+)$/s.exec(reference) ?? [];
  const [name = "", member, ...more] = rest.split("#");
  if (name === "" || member === "" || more.length > 0) return undefined;
  switch (store) {
    case "env":
      return member === undefined ? { store, source: environmentSecret(env, name) } : undefined;
    case "file":
      return { store, source: fileSecret(rest) };
    case "aws":
      return { store, source: awsSecret(network, name, member) };
    case "vault":
      return member === undefined ? undefined : { store, source: vaultSecret(env, network, name, member) };
    case undefined:
    default:
      return undefined;
  }
}
