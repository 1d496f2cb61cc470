import type { Decision } from "../../../sdk/signerApi.ts";

export type SignedBody = {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came: a body that was parsed and written again has another digest. */
  raw: Buffer;
  /** Several while one replaces another. */
  secrets: readonly Buffer[];
  /** Seconds, by the database's clock. */
  now: number;
};

/** What a provider's event says about a person that we know already: country, tier and wallets come with the import. */
export type ProviderEvent = {
  /** Counts once. */
  id: string;
  /** Whom it is about, by an id that a browser cannot choose. */
  subject: string;
  /** What the check was begun with: counts where it is one that this service gave out. */
  reference: string | undefined;
  /** By which of its checks the person was looked at: Sumsub's level, Persona's template. */
  check: string | undefined;
  /** Undefined: it decides nothing. */
  decision: Decision | undefined;
  decidedAt: Date;
  /** From the provider's sandbox. */
  sandbox: boolean;
};

/** A KYC provider's webhook by its documentation. It was never run against the provider itself. */
export type Provider = {
  name: "sumsub" | "persona";
  /** Throws `webhook-signature-invalid`. */
  verify: (signed: SignedBody) => void;
  /** Takes what it needs and drops the rest, which may be personal. Throws `field-invalid`. */
  read: (body: unknown) => ProviderEvent;
};
