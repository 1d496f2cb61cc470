import type { Operation as Described } from "../../openapi/describeApi.ts";
import type { SignerErrorCode } from "../../sdk/signerErrors.ts";
import { kycEvent } from "../kyc/subjectFields.ts";
import { auditQuery, decisionBody, keyBody, limitsBody, ordersQuery, stopBody } from "../routes/admin.ts";
import { pageQuery } from "../routes/export.ts";
import { orderBody, walletQuery } from "../routes/orders.ts";
import { loginBody } from "../routes/sessions.ts";
import * as answers from "./answers.ts";

/** Who may ask: a wallet's session, a partner's signature (RFC 9421), the export's bearer key, the provider's HMAC, an
 * operator's key. */
export type Credential = "session" | "signature" | "exportKey" | "webhookSignature" | "operatorKey";

export type Operation = Described & { by: readonly Credential[]; errors: readonly SignerErrorCode[] };

const operators = ["operatorKey"] as const;
const operator: readonly SignerErrorCode[] = ["operator-key-invalid", "scope-missing"];
const buyers = ["session", "signature"] as const;
const who: readonly SignerErrorCode[] = [
  "session-required",
  "session-invalid",
  "signature-invalid",
  "request-replayed",
];
const kyc: readonly SignerErrorCode[] = [
  ...([
    "wallet-sanctioned",
    "kyc-missing",
    "kyc-pending",
    "kyc-rejected",
    "kyc-revoked",
    "kyc-too-old",
  ] as const),
  ...(["country-denied", "tier-unknown", "tier-not-open", "too-many-wallets"] as const),
];
const selling: readonly SignerErrorCode[] = [
  ...kyc,
  ...(["person-cap-exceeded", "cap-above-bounds", "cap-below-paid", "sale-not-open", "sale-closed"] as const),
  ...(["nonce-used", "nonce-ahead", "order-superseded", "order-invalidated", "order-revoked"] as const),
  ...(["chain-unreachable", "not-ready", "sanctions-unusable", "signing-failed", "busy"] as const),
];

/** Every path of the API; a test asks the service for each, and finds no other. */
export const operations: readonly Operation[] = [
  {
    ...{ method: "get", path: "/v1/launch", by: [], status: 200, answer: answers.launchAnswer },
    summary: "Which sale is served, with its hashes, policy, signer and chain time",
    errors: ["chain-unreachable"],
  },
  {
    ...{ method: "get", path: "/v1/status", by: [], status: 200, answer: answers.statusAnswer },
    summary:
      "What `launch doctor` compares: sale, hashes, signer, head, clock, ages of keys, limits, origins",
    errors: [],
  },
  {
    ...{ method: "get", path: "/healthz", by: [], status: 200, answer: answers.healthAnswer },
    ...{ summary: "The process lives", errors: [] },
  },
  {
    ...{ method: "get", path: "/readyz", by: [], status: 200, answer: answers.readinessAnswer },
    ...{ summary: "Each check, and whether all pass; 503 with the same body where one fails", errors: [] },
  },
  {
    ...{ method: "post", path: "/v1/sessions/nonce", by: [], status: 201, answer: answers.nonceAnswer },
    ...{ summary: "A nonce for one sign-in within ten minutes", errors: [] },
  },
  {
    ...{ method: "post", path: "/v1/sessions", by: [], status: 201, answer: answers.sessionAnswer },
    summary:
      "Sign in with an EIP-4361 message that holds the nonce, this chain, the present time, and as domain and in its URI one of the `loginDomains` of GET /v1/status; the session lasts an hour",
    ...{ body: loginBody, errors: ["login-refused", "chain-unreachable", "busy"] },
  },
  {
    ...{ method: "get", path: "/v1/eligibility", by: buyers, status: 200, answer: answers.eligibilityAnswer },
    summary: "May this wallet buy, how much, at which nonce; if not, why and what to do. Changes nothing",
    ...{ query: walletQuery, errors: [...who, "buyer-foreign", "chain-unreachable", "not-ready"] },
  },
  {
    ...{ method: "post", path: "/v1/orders", by: buyers, status: 201, answer: answers.voucherAnswer },
    summary: "An order with its voucher; the same key and body give the same bytes",
    ...{ body: orderBody, idempotent: true },
    errors: [
      ...(["key-invalid", ...who, "buyer-foreign", "sale-unknown", "idempotency-mismatch"] as const),
      ...(["order-open", "supersedes-unknown", "voucher-expired", ...selling] as const),
    ],
  },
  {
    ...{ method: "get", path: "/v1/orders", by: buyers, status: 200, answer: answers.ordersAnswer },
    ...{ summary: "One's own orders, newest first, at most 100", errors: [...who, "chain-unreachable"] },
  },
  {
    ...{ method: "get", path: "/v1/orders/{orderId}", by: buyers, status: 200, answer: answers.orderAnswer },
    summary: "One's own order: its status, and what was filled",
    errors: [...who, "order-unknown", "chain-unreachable"],
  },
  {
    ...{ method: "post", path: "/v1/orders/{orderId}/renew", by: buyers, status: 201 },
    ...{ answer: answers.voucherAnswer, errors: [...who, "order-unknown", ...selling] },
    summary:
      "A new voucher for the same order and nonce, all checks made again; may be repeated without a key",
  },
  {
    ...{ method: "get", path: "/v1/kyc/reference", by: ["session"], status: 200 },
    ...{ answer: answers.referenceAnswer, errors: ["session-required", "session-invalid", "kyc-missing"] },
    summary: "What this person's check at Persona or Sumsub is begun with: reference-id, externalUserId",
  },
  {
    ...{ method: "post", path: "/v1/webhooks/kyc", by: ["webhookSignature"], status: 200 },
    ...{ body: kycEvent, answer: answers.kycEventAnswer, errors: ["webhook-signature-invalid"] },
    summary: "A decision of the KYC provider; each id counts once, an older decision changes nothing",
  },
  {
    ...{ method: "post", path: "/v1/webhooks/sumsub", by: ["webhookSignature"], status: 200 },
    ...{ answer: answers.kycEventAnswer, errors: ["webhook-signature-invalid"] },
    summary: "Sumsub's own webhooks about people that are known; X-Payload-Digest by SHA-256 or SHA-512",
  },
  {
    ...{ method: "post", path: "/v1/webhooks/persona", by: ["webhookSignature"], status: 200 },
    ...{ answer: answers.kycEventAnswer, errors: ["webhook-signature-invalid"] },
    summary: "Persona's own webhooks about people that are known; Persona-Signature",
  },
  {
    ...{ method: "get", path: "/v1/export/orders", by: ["exportKey"], status: 200 },
    ...{
      query: pageQuery,
      answer: answers.exportAnswer,
      errors: ["export-key-invalid", "chain-unreachable"],
    },
    summary: "Every order once, oldest first, for reconciling them with the chain",
  },
  {
    ...{ method: "get", path: "/v1/admin/subjects/{subject}", by: operators, status: 200 },
    ...{ answer: answers.subjectAnswer, errors: [...operator, "subject-unknown"] },
    summary: "A person with decision and wallets; scope subjects:read",
  },
  {
    ...{ method: "get", path: "/v1/admin/review", by: operators, status: 200 },
    ...{ answer: answers.reviewAnswer, errors: operator },
    summary:
      "People whose decision is pending, or whom an operator refused and another decision came since, longest first, at most 200; scope subjects:read",
  },
  {
    ...{ method: "post", path: "/v1/admin/subjects/{subject}/decision", by: operators, status: 200 },
    ...{ body: decisionBody, answer: answers.decisionAnswer },
    errors: [...operator, "subject-unknown", "chain-unreachable"],
    summary:
      "Decide, with a reason; a person refused or revoked has its orders closed, and the answer names what kills its vouchers on chain; scope subjects:decide",
  },
  {
    ...{ method: "get", path: "/v1/admin/orders", by: operators, status: 200, query: ordersQuery },
    ...{ answer: answers.operatorOrdersAnswer, errors: [...operator, "chain-unreachable"] },
    summary:
      "Orders, newest first, at most 50, with what kills on chain the vouchers that may still be used; scope orders:read",
  },
  {
    ...{ method: "get", path: "/v1/admin/refusals", by: operators, status: 200 },
    ...{ answer: answers.refusalsAnswer, errors: operator },
    summary: "Requests of buyers and partners that were refused, by code, on all replicas; scope orders:read",
  },
  {
    ...{ method: "post", path: "/v1/admin/stop", by: operators, status: 200, body: stopBody },
    ...{ answer: answers.stopAnswer, errors: operator },
    summary: "Stop selling on every replica within two seconds, with words for the page; scope stop",
  },
  {
    ...{ method: "post", path: "/v1/admin/resume", by: operators, status: 200 },
    ...{ answer: answers.stopAnswer, errors: operator, summary: "Sell again; scope stop" },
  },
  {
    ...{ method: "get", path: "/v1/admin/limits", by: operators, status: 200 },
    ...{ answer: answers.limitsAnswer, errors: operator },
    summary: "Requests a minute of a client: in force, by the policy, and who changed it why; scope limits",
  },
  {
    ...{ method: "post", path: "/v1/admin/limits", by: operators, status: 200, body: limitsBody },
    ...{ answer: answers.limitsAnswer, errors: operator },
    summary:
      "Raise or lower it on every replica within a second, for all clients; null is the policy's again; scope limits",
  },
  {
    ...{ method: "get", path: "/v1/admin/keys", by: operators, status: 200 },
    ...{ answer: answers.keysAnswer, errors: operator },
    summary: "Operators' keys, without the keys themselves; scope keys",
  },
  {
    ...{ method: "post", path: "/v1/admin/keys", by: operators, status: 201, body: keyBody },
    ...{ answer: answers.keyAnswer, errors: operator },
    summary: "A new key, shown this once; scope keys",
  },
  {
    ...{ method: "post", path: "/v1/admin/keys/{id}/revoke", by: operators, status: 200 },
    ...{ answer: answers.revokedAnswer, errors: [...operator, "key-unknown"] },
    summary: "Revoke a key, on every replica at once; scope keys",
  },
  {
    ...{ method: "post", path: "/v1/admin/partner-keys/{keyId}/revoke", by: operators, status: 200 },
    ...{ answer: answers.revokedAnswer, errors: [...operator, "key-unknown"] },
    summary: "Revoke a partner's key for good, on every replica within a second; scope keys",
  },
  {
    ...{ method: "get", path: "/v1/usage", by: buyers, status: 200, answer: answers.usageAnswer },
    ...{ summary: "How one's own requests ended, by day: issued, replayed, refused by reason", errors: who },
  },
  {
    ...{ method: "get", path: "/v1/admin/audit", by: operators, status: 200, query: auditQuery },
    ...{ answer: answers.auditAnswer, errors: operator },
    summary: "The audit log, oldest first, at most 200 rows; scope audit:read",
  },
  {
    ...{ method: "get", path: "/v1/admin/audit/newest", by: operators, status: 200 },
    ...{ answer: answers.newestAuditAnswer, errors: operator },
    summary: "Its newest 20 rows, newest first: the first one's hash is the log's head; scope audit:read",
  },
];
