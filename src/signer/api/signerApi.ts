import type { Api, Operation } from "../../openapi/describeApi.ts";
import { signerErrors, type SignerErrorCode } from "../../sdk/signerErrors.ts";
import { problemAnswer } from "./answers.ts";
import { operations, type Credential } from "./operations.ts";

const schemes: Record<Credential, Record<string, unknown>> = {
  session: { type: "http", scheme: "bearer", description: "The token of POST /v1/sessions." },
  signature: {
    ...{ type: "apiKey", in: "header", name: "Signature" },
    description:
      "RFC 9421 with Ed25519: one label over @method, @target-uri, content-digest (POST) and idempotency-key (where sent), with created, expires, nonce and keyid.",
  },
  exportKey: { type: "http", scheme: "bearer", description: "A key of EXPORT_KEY_FILE." },
  operatorKey: {
    type: "http",
    scheme: "bearer",
    description: "A key of POST /v1/admin/keys, or of the command line.",
  },
  webhookSignature: {
    ...{ type: "apiKey", in: "header", name: "Slipway-Signature" },
    description:
      "t=<seconds>,v1=<hex of HMAC-SHA256 over `<t>.<raw body>`>; Sumsub and Persona sign in headers of their own.",
  },
};

const who: Record<Credential, string> = {
  session: "a session",
  signature: "a partner’s signature",
  exportKey: "the export key",
  operatorKey: "an operator’s key",
  webhookSignature: "the provider’s signature",
};

/** Of any request. */
const always: readonly SignerErrorCode[] = [
  "request-malformed",
  "https-required",
  "rate-limited",
  "internal",
];
const withBody: readonly SignerErrorCode[] = ["field-invalid", "body-too-large", "media-type-unsupported"];

export const signerApi: Api = {
  title: "Slipway signer",
  description:
    "Turns a KYC decision into a voucher with which one wallet may pay one sale up to a cap. Amounts are decimal strings of currency base units, times seconds since 1970. Every error is application/problem+json with a stable `code`.",
  operations,
  credentials: Object.fromEntries(
    (Object.keys(schemes) as Credential[]).map((name) => [name, { scheme: schemes[name], who: who[name] }]),
  ),
  catalogue: signerErrors,
  problem: problemAnswer,
  always: ({ body, query, path }: Operation) => [
    ...always,
    ...(body === undefined && query === undefined ? [] : withBody.slice(0, 1)),
    ...(body === undefined ? [] : withBody),
    ...(path.startsWith("/v1") ? (["database-unreachable"] as const) : []),
  ],
};
