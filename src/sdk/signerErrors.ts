import type { Hex } from "viem";
import { describeError, SlipwayError, type ErrorMore, type HttpErrorEntry } from "./problem.ts";

/** Every error of the signer and its API. Codes are stable; texts may be reworded. docs/signer.md lists each. */
export const signerErrors = {
  // ── Starting, and commands ────────────────────────────────────────────────────────────────────────────────────────
  "config-invalid": {
    status: 500,
    title: "The configuration is not usable",
    wayOut: "Correct the environment variables named and start again.",
  },
  "record-unreadable": {
    status: 500,
    title: "The launch record cannot be used",
    wayOut: "Set LAUNCH_RECORD to the file that the deployment wrote, unchanged.",
  },
  "key-unusable": {
    status: 500,
    title: "The signing key cannot be used",
    wayOut:
      "Name an encrypted keystore and its password, or a key in AWS KMS: docs/signer.md, Keys and secrets.",
  },
  "secret-unusable": {
    status: 500,
    title: "A secret cannot be used",
    wayOut: "Keep at least 32 random characters, one secret a line, where the service alone may read them.",
  },
  "secret-unreachable": {
    status: 503,
    title: "The store of a secret does not answer",
    wayOut: "Start again in a moment; if it stays, look at the store's address, its health and its limits.",
    retryable: true,
  },
  "sanctions-unusable": {
    status: 503,
    title: "The sanctions list cannot be used",
    wayOut:
      "Put a list with one address a line where SANCTIONS_FILE points; nothing is signed before it is there.",
  },
  "import-invalid": {
    status: 422,
    title: "The file was not imported",
    wayOut: "Correct the lines named and import the whole file again; nothing of it was kept.",
  },
  "audit-broken": {
    status: 500,
    title: "The audit log was changed",
    wayOut:
      "Keep database and anchors as they are, and compare them with a backup from before the row named.",
  },
  "port-busy": {
    status: 500,
    title: "The port is taken",
    wayOut: "Stop what listens there, or set PORT to a free one.",
  },

  // ── The request itself ────────────────────────────────────────────────────────────────────────────────────────────
  "request-malformed": {
    status: 400,
    title: "The request cannot be read",
    wayOut: "Send one JSON object in UTF-8 with the members the documentation names, and no other.",
  },
  "field-invalid": { status: 422, title: "A value is not acceptable", wayOut: "Correct the fields named." },
  "key-invalid": {
    status: 400,
    title: "The Idempotency-Key is missing or not acceptable",
    wayOut:
      "Send one Idempotency-Key of 16 to 255 visible ASCII characters without quotes, commas and backslashes.",
  },
  "not-found": { status: 404, title: "There is no such path", wayOut: "docs/signer.md lists the paths." },
  "method-not-allowed": {
    status: 405,
    title: "This path does not take that method",
    wayOut: "Use the method that the Allow header names, without method overrides; GET has no body.",
  },
  "request-timeout": {
    status: 408,
    title: "The request took too long to arrive",
    wayOut: "Send it again in one piece; with the same Idempotency-Key nothing is done twice.",
    retryable: true,
  },
  "body-too-large": { status: 413, title: "The body is too large", wayOut: "Send at most 16 KiB." },
  "media-type-unsupported": {
    status: 415,
    title: "The body is in a form that is not read here",
    wayOut: "Send Content-Type: application/json without Content-Encoding.",
  },
  "https-required": {
    status: 403,
    title: "This came unencrypted",
    wayOut: "Use https://. What was sent may have been read by others: sign in again.",
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests",
    wayOut: "Wait as long as Retry-After says; asking meanwhile does not make it longer.",
    retryable: true,
  },

  // ── Who asks ──────────────────────────────────────────────────────────────────────────────────────────────────────
  "session-required": {
    status: 401,
    title: "This needs a session or a signed request",
    wayOut: "Sign in with the wallet (POST /v1/sessions), or sign the request with a partner's key.",
  },
  "session-invalid": {
    status: 401,
    title: "The session is unknown or over",
    wayOut: "Sign in with the wallet again.",
  },
  "login-refused": {
    status: 401,
    title: "The sign-in message was not accepted",
    wayOut: "Ask for a new nonce and sign a new message for this site, this chain and now.",
  },
  "signature-invalid": {
    status: 401,
    title: "The request's signature was not accepted",
    wayOut:
      "Sign @method, @target-uri, content-digest and idempotency-key with created, expires, nonce and keyid by your registered Ed25519 key.",
  },
  "request-replayed": {
    status: 409,
    title: "This signed request was sent before",
    wayOut: "Sign the request anew with a new nonce; keep the Idempotency-Key.",
  },
  "export-key-invalid": {
    status: 401,
    title: "The export key was not accepted",
    wayOut: "Send the key of EXPORT_KEY_FILE as Authorization: Bearer.",
  },
  "operator-key-invalid": {
    status: 401,
    title: "The operator's key was not accepted",
    wayOut: "Send a key that is not revoked as Authorization: Bearer, from a network it is bound to.",
  },
  "scope-missing": {
    status: 403,
    title: "This key may not do that",
    wayOut: "Use a key with the scope named.",
  },
  "subject-unknown": {
    status: 404,
    title: "There is no such person",
    wayOut: "Use the KYC provider's applicant id, as the import or the webhook gave it.",
  },
  "key-unknown": {
    status: 404,
    title: "There is no such key, or it is revoked already",
    wayOut: "GET /v1/admin/keys lists the keys.",
  },
  "webhook-signature-invalid": {
    status: 401,
    title: "The webhook's signature was not accepted",
    wayOut: "Sign `<t>.<raw body>` with HMAC-SHA256 and a current secret, within 300 seconds.",
  },
  "buyer-foreign": {
    status: 403,
    title: "This session may not order for that wallet",
    wayOut: "Sign in with the wallet that buys.",
  },

  // ── Who may buy ───────────────────────────────────────────────────────────────────────────────────────────────────
  "wallet-sanctioned": {
    status: 403,
    title: "This wallet is on a sanctions list",
    wayOut: "It cannot buy. If that is a mistake, write to the operator of the sale.",
  },
  "kyc-missing": {
    status: 403,
    title: "This wallet has not passed the identity check",
    wayOut:
      "Whoever runs this sale checks identities: ask them where, pass the check with this wallet, then try again.",
  },
  "kyc-pending": {
    status: 403,
    title: "The identity check is not decided yet",
    wayOut: "Wait for the decision; nothing else is needed.",
    retryable: true,
  },
  "kyc-rejected": {
    status: 403,
    title: "The identity check was not passed",
    wayOut: "Write to the operator of the sale.",
  },
  "kyc-revoked": {
    status: 403,
    title: "The decision of the identity check was revoked",
    wayOut: "Write to the operator of the sale.",
  },
  "kyc-too-old": {
    status: 403,
    title: "The identity check is too old",
    wayOut: "Ask whoever runs this sale where to pass the identity check again.",
  },
  "country-denied": {
    status: 403,
    title: "The sale is not offered in this country",
    wayOut: "This person cannot buy. If the country is wrong, have the identity check corrected.",
  },
  "tier-unknown": {
    status: 403,
    title: "This person's tier does not exist in the policy",
    wayOut: "Write to the operator of the sale: the decision names a tier that the launch file lacks.",
  },
  "tier-not-open": {
    status: 403,
    title: "This tier may not buy now",
    wayOut: "Come back within the tier's window; GET /v1/launch has it.",
  },
  "too-many-wallets": {
    status: 403,
    title: "This person has more wallets than the policy allows",
    wayOut: "Write to the operator to have a wallet removed.",
  },
  "person-cap-exceeded": {
    status: 422,
    title: "This is more than one person may pay in all",
    wayOut: "Ask for at most what GET /v1/eligibility names; all wallets of a person count together.",
  },
  "cap-above-bounds": {
    status: 422,
    title: "This is more than the sale or its signer can sell",
    wayOut: "Ask for at most what GET /v1/eligibility names.",
  },
  "cap-below-paid": {
    status: 422,
    title: "The cap leaves nothing to buy",
    wayOut: "The cap counts what was paid before: ask for more than that.",
  },
  "sale-not-open": {
    status: 409,
    title: "The sale is not open yet",
    wayOut: "Come back when it opens; GET /v1/launch has the dates.",
    retryable: true,
  },
  "sale-closed": {
    status: 409,
    title: "The sale takes no purchases any more",
    wayOut: "Nothing can be bought.",
  },

  // ── Orders ────────────────────────────────────────────────────────────────────────────────────────────────────────
  "sale-unknown": {
    status: 404,
    title: "This signer does not serve that sale",
    wayOut: "GET /v1/launch names the sale it serves.",
  },
  "order-unknown": {
    status: 404,
    title: "There is no such order of yours",
    wayOut: "GET /v1/orders lists yours.",
  },
  "idempotency-mismatch": {
    status: 422,
    title: "This key was used for another order",
    wayOut: "Send the first payload again, or use a new Idempotency-Key.",
  },
  "order-open": {
    status: 409,
    title: "Another order of this wallet is open",
    wayOut: "Use that order, or name it in `supersedes` to replace it.",
  },
  "order-superseded": {
    status: 409,
    title: "This order was replaced by another",
    wayOut: "Use the order that replaced it.",
  },
  "order-invalidated": {
    status: 409,
    title: "This order's nonce was used up without it",
    wayOut: "Order again with a new key and the wallet's present nonce.",
  },
  "order-revoked": {
    status: 409,
    title: "This order was closed because the decision was revoked",
    wayOut: "Order again with a new key.",
  },
  "voucher-expired": {
    status: 409,
    title: "The order's voucher has expired unused",
    wayOut: "Renew it: POST to the link given. The order and its nonce stay the same.",
  },
  "nonce-used": {
    status: 409,
    title: "This nonce is used up on chain",
    wayOut: "Order with the expected nonce and a new key. Look at the order named: it may be bought already.",
  },
  "nonce-ahead": {
    status: 409,
    title: "This nonce is ahead of what the signer sees on chain",
    wayOut: "Order with the expected nonce, or wait until the signer has seen your last transaction.",
    retryable: true,
  },
  "supersedes-unknown": {
    status: 409,
    title: "There is no open order to replace",
    wayOut: "Leave `supersedes` out, with a new key.",
  },

  // ── What we depend on ─────────────────────────────────────────────────────────────────────────────────────────────
  "chain-unreachable": {
    status: 503,
    title: "The chain does not answer the signer",
    wayOut: "Try again in a moment with the same key. The operator: check RPC_URL.",
    retryable: true,
  },
  stopped: {
    status: 503,
    title: "Selling is stopped for now",
    wayOut: "Come back later; what was bought stays bought.",
    retryable: true,
  },
  "not-ready": {
    status: 503,
    title: "The signer is not ready to sign",
    wayOut: "GET /readyz says which check fails and what the operator can do.",
    retryable: true,
  },
  "database-unreachable": {
    status: 503,
    title: "The database does not answer",
    wayOut: "Try again in a moment with the same key.",
    retryable: true,
  },
  busy: {
    status: 503,
    title: "Too many requests are waiting",
    wayOut: "Try again in a moment with the same key.",
    retryable: true,
  },
  "signing-failed": {
    status: 503,
    title: "The signature did not come out right",
    wayOut: "Try again with the same key; if it stays, the operator must look at the signing key.",
    retryable: true,
  },
  internal: {
    status: 500,
    title: "Something failed here",
    wayOut: "Try again with the same key; the operator's log has the cause.",
    retryable: true,
  },
} as const satisfies Record<string, HttpErrorEntry>;

export type SignerErrorCode = keyof typeof signerErrors;

/** What an error carries besides its words; members of `ProblemDetails` in signerApi.ts. */
export type SignerErrorFacts = {
  expectedNonce?: bigint;
  order?: Hex;
  link?: string;
  serverTime?: number;
  place?: number;
  /** Seconds; becomes the Retry-After header. */
  retryAfter?: number;
};

/** An error of the catalogue. */
export class SignerError extends SlipwayError {
  declare readonly code: SignerErrorCode;
  readonly facts: SignerErrorFacts;

  constructor(parameters: ConstructorParameters<typeof SlipwayError>[0], facts: SignerErrorFacts) {
    super(parameters);
    this.facts = facts;
  }
}

/** An error of the catalogue; `detail` says what happened this time. */
export function signerError(
  code: SignerErrorCode,
  detail = "",
  more: SignerErrorFacts & ErrorMore = {},
): SignerError {
  const { problems = [], cause, ...facts } = more;
  return new SignerError(describeError(signerErrors, code, detail, { problems, cause }), facts);
}
