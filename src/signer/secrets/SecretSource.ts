/**
 * Where a secret is kept. One method, so that the next store needs no more than this; test/signer/secretSources.test.ts holds
 * every adapter to the same answers.
 */
export type SecretSource = {
  /** The secret as it is now. Throws a `SecretFailure`, which never carries what the store answered. */
  read: () => Promise<StoredSecret>;
  /** Changes when the secret may have; undefined where only reading tells. */
  stamp?: () => string;
};

export type StoredSecret = {
  text: string;
  /** The store's own name of this version, where it has versions. */
  version?: string;
  /** When the store took it. */
  createdAt?: Date;
};

/** `unreachable` may pass by itself: throttling, time-outs, a store that is sealed or starting. */
export type SecretFailureKind = "missing" | "denied" | "malformed" | "unsafe" | "unreachable";

export class SecretFailure extends Error {
  readonly kind: SecretFailureKind;

  constructor(kind: SecretFailureKind, why: string, options?: { cause?: unknown }) {
    super(why, options);
    this.name = "SecretFailure";
    this.kind = kind;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What adapters over the network share. */
export type Network = {
  /** For one request: aborts what takes too long. */
  deadline: () => AbortSignal;
  /** Before a read is tried again, milliseconds. */
  wait: (ms: number) => Promise<void>;
};

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 100;

/** Reads again what failed in a way that may pass, a few times and ever later. */
export async function withRetries<T>({ wait }: Network, read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      const passing = error instanceof SecretFailure && error.kind === "unreachable";
      if (!passing || attempt === ATTEMPTS) throw error;
      await wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

/** The member of a secret that is a JSON object; the whole where no member is named. */
export function memberOf(text: string, member: string | undefined): string {
  if (member === undefined) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SecretFailure("malformed", `no JSON, of which ${member} is wanted`);
  }
  return textMember(value, member);
}

export function textMember(value: unknown, member: string): string {
  const found =
    typeof value === "object" && value !== null && Object.hasOwn(value, member)
      ? (value as Record<string, unknown>)[member]
      : undefined;
  if (typeof found !== "string") throw new SecretFailure("missing", `no text under ${member}`);
  return found;
}
