import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Problem } from "../../sdk/problem.ts";
import { signerErrors } from "../../sdk/signerErrors.ts";
import { appendAudit } from "../operators/audit.ts";
import { SecretFailure, type Environment, type Network } from "./SecretSource.ts";
import { REFERENCES, sourceOf, type Reference } from "./sourceOf.ts";
import { weaknessOf } from "./weakness.ts";

/** Lists hold a secret in each line, so that an old and a new one count while one replaces the other. */
export const listNames = ["KYC_WEBHOOK_SECRET", "SUMSUB_SECRET", "PERSONA_SECRET", "EXPORT_KEY"] as const;
export const singleNames = [
  "SIGNER_KEY",
  "SIGNER_KEYSTORE",
  "SIGNER_KEYSTORE_PASSWORD",
  "DATABASE_URL",
  "RPC_URL",
] as const;
export type ListName = (typeof listNames)[number];
export type SecretName = ListName | (typeof singleNames)[number];

export type SecretAge = { secret: string; version: string; days: number };

/**
 * The service's secrets, wherever they are kept. Each reading of a store is noted for the audit log, without the value; what
 * could not be noted is not used.
 */
export type Secrets = {
  /** Where it is kept; undefined where it is not configured. */
  storeOf: (name: SecretName) => Reference["store"] | undefined;
  /** Reads it; undefined where it is not configured. What is wrong goes to `problems`. */
  single: (name: SecretName, problems: Problem[]) => Promise<string | undefined>;
  /** Reads all lists; what is wrong goes to `problems`. */
  load: (problems: Problem[]) => Promise<void>;
  /** As last read. */
  list: (name: ListName) => readonly Buffer[];
  /** Writes what was read so far into the audit log, and since when each version is known. */
  note: (pool: Pool) => Promise<void>;
  /** For the signing key, which is known by its address wherever it is kept. */
  track: (secret: "SIGNER_KEY", version: string) => void;
  /**
   * Reads lists anew: files when they have changed, other stores every five minutes. The last good list stays where the new one
   * cannot be used; answers the names of those.
   */
  refresh: (pool: Pool, monotonicMs: number) => Promise<readonly SecretName[]>;
  /** Of the versions in use, oldest first, by the database's clock. */
  ages: (pool: Pool) => Promise<SecretAge[]>;
};

type Access = { secret: string; store: string; outcome: string; versions: string[]; storeVersion?: string };
type Version = { secret: string; version: string; createdAt: Date | undefined };
type Read = { text: string; access: Access; versions: Version[] };

const checked: readonly SecretName[] = [...listNames, "SIGNER_KEYSTORE_PASSWORD"];
const REMOTE_EVERY_MS = 300_000;
export const WARN_DAYS = 75;
export const RED_DAYS = 90;

/** `X_FILE` names a file, `X_FROM` any store, X itself the value of those that are addresses. Throws nothing. */
export function createSecrets({
  env,
  local,
  network,
}: {
  env: Environment;
  /** On chain 31337 development values pass. */
  local: boolean;
  network: Network;
}): Secrets {
  const references = new Map<SecretName, Reference>();
  const misread: Problem[] = [];
  for (const name of [...listNames, ...singleNames]) {
    const found = referenceOf(name, env, network);
    if (found === "wrong")
      misread.push(
        problem("config-invalid", `${name}_FROM`, "something else", `either ${name}_FILE, or ${REFERENCES}`),
      );
    else if (found !== undefined) references.set(name, found);
  }

  const lists = new Map<
    ListName,
    { lines: readonly Buffer[]; stamp: string | undefined; readAtMs: number }
  >();
  const inUse = new Map<SecretName, Version[]>();
  const failing = new Set<ListName>();
  const created = new Map<SecretName, Date | undefined>();
  let unnoted: { access?: Access; versions: Version[] }[] = [];

  /** Reads and checks; the failure is told to `problems`, and both are kept for the audit log. */
  async function read(name: SecretName, problems: Problem[]): Promise<Read | undefined> {
    const reference = references.get(name);
    if (reference === undefined) return undefined;
    const at = { secret: name, store: reference.store };
    try {
      const { text, version, createdAt } = await reference.source.read();
      const secret = checked.includes(name) ? linesOf(text) : [];
      if (text.trim() === "") throw new SecretFailure("malformed", "it is empty");
      for (const [index, line] of secret.entries()) {
        const weakness = weaknessOf(line, { local });
        if (weakness !== undefined)
          throw new SecretFailure("unsafe", `line ${String(index + 1)} is ${weakness}`);
      }
      const versions = secret.map((line) => ({ secret: name, version: fingerprint(name, line), createdAt }));
      const access = { ...at, outcome: "read", versions: versions.map((one) => one.version) };
      const noted = {
        access: version === undefined ? access : { ...access, storeVersion: version },
        versions,
      };
      created.set(name, createdAt);
      unnoted.push(noted);
      return { text, ...noted };
    } catch (error) {
      if (!(error instanceof SecretFailure)) throw error;
      unnoted.push({ access: { ...at, outcome: error.kind, versions: [] }, versions: [] });
      const code = error.kind === "unreachable" ? "secret-unreachable" : "secret-unusable";
      problems.push(problem(code, name, `${reference.store}: ${error.message}`, "a secret that can be used"));
      return undefined;
    }
  }

  async function readList(
    name: ListName,
    problems: Problem[],
    readAtMs: number,
  ): Promise<(() => void) | undefined> {
    const before = references.get(name)?.source.stamp?.();
    const found = await read(name, problems);
    if (found === undefined) return undefined;
    const lines = linesOf(found.text).map((line) => Buffer.from(line, "utf8"));
    return () => {
      lists.set(name, { lines, stamp: before, readAtMs });
      inUse.set(name, found.versions);
    };
  }

  async function note(pool: Pool): Promise<void> {
    while (unnoted[0] !== undefined) {
      const { access, versions } = unnoted[0];
      for (const { secret, version, createdAt } of versions)
        await pool.query(
          `INSERT INTO secret_versions (secret, version, since)
           VALUES ($1, $2, LEAST(now(), COALESCE($3::timestamptz, now()))) ON CONFLICT DO NOTHING`,
          [secret, version, createdAt ?? null],
        );
      if (access !== undefined)
        await appendAudit(pool, { actor: "service", action: "secret-read", detail: access });
      unnoted = unnoted.slice(1);
    }
  }

  /** Whether there is reason to read it again. Throws `SecretFailure` where its file is gone. */
  function isDue(
    { source }: Reference,
    known: { stamp: string | undefined; readAtMs: number },
    nowMs: number,
  ): boolean {
    return source.stamp === undefined
      ? nowMs - known.readAtMs >= REMOTE_EVERY_MS
      : source.stamp() !== known.stamp;
  }

  async function refreshOne(pool: Pool, name: ListName, nowMs: number): Promise<void> {
    const [reference, known] = [references.get(name), lists.get(name)];
    if (reference === undefined || known === undefined) return;
    let [stamp, due] = [known.stamp, false];
    try {
      due = isDue(reference, known, nowMs);
      stamp = reference.source.stamp?.();
    } catch (error) {
      if (!(error instanceof SecretFailure)) throw error;
      failing.add(name);
    }
    if (!due) return;
    const problems: Problem[] = [];
    const use = await readList(name, problems, nowMs);
    await note(pool);
    if (use === undefined) {
      // Until it changes again, or its time comes again.
      lists.set(name, { ...known, stamp, readAtMs: nowMs });
      failing.add(name);
    } else {
      use();
      failing.delete(name);
    }
  }

  return {
    storeOf: (name) => references.get(name)?.store,
    single: async (name, problems) => {
      const found = await read(name, problems);
      if (found !== undefined) inUse.set(name, found.versions);
      return found?.text.trim();
    },
    load: async (problems) => {
      problems.push(...misread);
      for (const name of listNames) (await readList(name, problems, 0))?.();
    },
    list: (name) => lists.get(name)?.lines ?? [],
    note,
    track: (secret, version) => {
      const createdAt = created.get("SIGNER_KEYSTORE") ?? created.get("SIGNER_KEY");
      const versions = [{ secret, version, createdAt }];
      inUse.set(secret, versions);
      unnoted.push({ versions });
    },
    refresh: async (pool, monotonicMs) => {
      // What could not be noted was not used; nothing more is read before it is.
      await note(pool);
      for (const name of listNames) await refreshOne(pool, name, monotonicMs);
      return [...failing];
    },
    ages: async (pool) => {
      const used = [...inUse.values()].flat();
      const { rows } = await pool.query<SecretAge>(
        `SELECT secret, version, floor(extract(epoch FROM now() - since) / 86400)::float8 AS days FROM secret_versions
         JOIN unnest($1::text[], $2::text[]) AS used (secret, version) USING (secret, version) ORDER BY since, secret`,
        [used.map(({ secret }) => secret), used.map(({ version }) => version)],
      );
      return rows;
    },
  };
}

function referenceOf(name: SecretName, env: Environment, network: Network): Reference | "wrong" | undefined {
  const [file, from] = [env[`${name}_FILE`], env[`${name}_FROM`]].map((text) =>
    text === "" ? undefined : text,
  );
  if (file !== undefined && from !== undefined) return "wrong";
  const text = file === undefined ? from : `file:${file}`;
  return text === undefined ? undefined : (sourceOf(text, env, network) ?? "wrong");
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Tells versions apart in log and metrics; of a random text of 32 characters it gives nothing away. */
function fingerprint(name: string, secret: string): string {
  return createHash("sha256").update(`slipway-secret ${name} ${secret}`).digest("hex").slice(0, 12);
}

function problem(
  code: "config-invalid" | "secret-unusable" | "secret-unreachable",
  field: string,
  got: string,
  wanted: string,
): Problem {
  return { code, field, got, wanted, wayOut: signerErrors[code].wayOut };
}
