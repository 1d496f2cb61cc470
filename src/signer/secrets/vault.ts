import { fileSecret } from "./file.ts";
import {
  SecretFailure,
  textMember,
  withRetries,
  type Environment,
  type Network,
  type SecretSource,
} from "./SecretSource.ts";

/**
 * HashiCorp Vault's key/value engine, version 2 or 1: the path below /v1/ and the member. The token is VAULT_TOKEN's, or of
 * VAULT_TOKEN_FILE, which an agent keeps fresh and which is read again each time.
 */
export function vaultSecret(env: Environment, network: Network, path: string, member: string): SecretSource {
  return {
    read: () =>
      withRetries(network, async () => {
        const { status, body } = await ask(env, network, path);
        refuse(status);
        const outer = objectOf(objectOf(body)["data"]);
        const metadata = outer["metadata"];
        if (metadata === undefined) return { text: textMember(outer, member) };
        const { version, created_time: createdAt, destroyed, deletion_time: deleted } = objectOf(metadata);
        if (destroyed === true || (typeof deleted === "string" && deleted !== "") || outer["data"] === null)
          throw new SecretFailure("missing", "its latest version was deleted");
        return {
          text: textMember(objectOf(outer["data"]), member),
          ...(typeof version === "number" ? { version: String(version) } : {}),
          ...(typeof createdAt === "string" ? { createdAt: timeOf(createdAt) } : {}),
        };
      }),
  };
}

async function ask(env: Environment, { deadline }: Network, path: string) {
  const file = env["VAULT_TOKEN_FILE"];
  const token = file === undefined ? env["VAULT_TOKEN"] : (await fileSecret(file).read()).text.trim();
  if (token === undefined || token === "")
    throw new SecretFailure("denied", "neither VAULT_TOKEN nor VAULT_TOKEN_FILE");
  const namespace = env["VAULT_NAMESPACE"];
  try {
    const answer = await fetch(new URL(`/v1/${path}`, env["VAULT_ADDR"]), {
      headers: {
        "x-vault-token": token,
        "x-vault-request": "true",
        ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
      },
      redirect: "error",
      signal: deadline(),
    });
    const text = await answer.text();
    return { status: answer.status, body: answer.ok ? parse(text) : undefined };
  } catch (cause) {
    if (cause instanceof SecretFailure) throw cause;
    const late = /Timeout|Abort/.test((cause as Error).name);
    throw new SecretFailure("unreachable", late ? "no answer in time" : "no connection", { cause });
  }
}

/** As Vault documents its status codes: 429 rate, 472 and 473 standby, 412 not yet consistent, 503 sealed. */
function refuse(status: number): void {
  if (status === 200) return;
  const why = `status ${String(status)}`;
  if (status === 404) throw new SecretFailure("missing", why);
  if (status === 401 || status === 403) throw new SecretFailure("denied", why);
  if ([412, 429, 472, 473].includes(status) || status >= 500) throw new SecretFailure("unreachable", why);
  throw new SecretFailure("malformed", why);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SecretFailure("malformed", "an answer that is no JSON");
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new SecretFailure("malformed", "an answer of another shape");
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new SecretFailure("malformed", "a created_time that is none");
  return time;
}
