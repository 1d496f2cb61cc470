import type { Address, Hex } from "viem";
import type { Policy } from "./policy.ts";

/**
 * Shapes of the signer's HTTP API (`/v1`). Amounts are decimal strings of currency base units, times seconds since 1970.
 * Errors are RFC 9457 `application/problem+json` with `code` from the catalogue.
 */

/** `GET /v1/launch`: which launch this signer serves; compare it with the chain and the page. */
export type SignerLaunch = {
  chainId: number;
  sale: Address;
  termsHash: Hex;
  policyHash: Hex;
  policy: Policy;
  signer: Address;
  /** Chain time of the latest block the signer has seen. */
  chainTime: number;
  /** An operator's words while selling is stopped. */
  stopped?: string;
};

/**
 * `GET /readyz`: 200 when every check passes, else 503 with the same body. Warnings are of what will have to be done, and
 * leave it ready: keys from day 75 on, `red` from day 90.
 */
export type Readiness = {
  ready: boolean;
  checks: { name: string; ok: boolean; got?: string; wanted?: string; wayOut?: string }[];
  warnings?: { name: string; red: boolean; got: string; wanted: string; wayOut: string }[];
};

/** `POST /v1/sessions/nonce` → `{ nonce }`; then sign a SIWE (EIP-4361) message with it and `POST /v1/sessions`. */
export type SessionRequest = { message: string; signature: Hex };
export type Session = { token: string; wallet: Address; expiresAt: number };

/** `GET /v1/eligibility` (session): may this wallet buy, how much; if not, why and what to do. */
export type Eligibility = {
  wallet: Address;
  eligible: boolean;
  /** A code of the catalogue, when not eligible. */
  code?: string;
  detail?: string;
  wayOut?: string;
  tier?: string;
  /** Largest `cumulativeCap` an order of this wallet may ask for now. */
  cumulativeCapMost: string;
  /** Nonce an order must name: the buyer's on chain. Left out where the person may not buy whatever the chain says. */
  nonce?: string;
  /** Told to the wallet itself, and to whoever made it. */
  openOrder?: Hex;
};

/** `POST /v1/orders` with header `Idempotency-Key` (16 to 255 visible ASCII characters; ≥ 128 random bits). */
export type OrderRequest = {
  sale: Address;
  buyer: Address;
  nonce: string;
  cumulativeCap: string;
  /** The open order this one replaces. */
  supersedes?: Hex;
};

export type VoucherJson = {
  buyer: Address;
  nonce: string;
  cumulativeCap: string;
  validFrom: string;
  validUntil: string;
  orderId: Hex;
};

export type OrderStatus = "open" | "expired" | "redeemed" | "superseded" | "invalidated" | "revoked";

/** Answer of `POST /v1/orders` (201) and `POST /v1/orders/{orderId}/renew` (201); replays are the same bytes. */
export type OrderWithVoucher = {
  orderId: Hex;
  chainId: number;
  sale: Address;
  voucher: VoucherJson;
  /** 64 bytes, EIP-2098: what `Sale.purchase` takes. */
  signature: Hex;
  signer: Address;
};

/** `GET /v1/orders/{orderId}`; `GET /v1/orders` lists the principal's own. */
export type Order = {
  orderId: Hex;
  sale: Address;
  buyer: Address;
  nonce: string;
  cumulativeCap: string;
  status: OrderStatus;
  createdAt: number;
  voucherValidUntil: number;
  /** Filled amount, once redeemed. */
  filled?: string;
};

/**
 * `GET /v1/export/orders?after=&limit=` (bearer export key): all orders of the sale, oldest first, at most 200 a page.
 * `next` is the `after` of the next page, null on the last. For reconciling orders with the chain.
 */
export type OrderExport = {
  orders: {
    orderId: Hex;
    buyer: Address;
    nonce: string;
    cumulativeCap: string;
    status: OrderStatus;
    createdAt: number;
    /** Filled amount, once redeemed. */
    filled?: string;
  }[];
  next: string | null;
};

/** What an operator's key may be for. */
export const operatorScopes = [
  "subjects:read",
  "subjects:decide",
  "orders:read",
  "stop",
  "limits",
  "keys",
  "audit:read",
] as const;
export type OperatorScope = (typeof operatorScopes)[number];

export const decisions = ["approved", "pending", "rejected", "revoked"] as const;
export type Decision = (typeof decisions)[number];

/** What compliance sends to the sale so that a buyer's vouchers die at once. */
export type Invalidation = { buyer: Address; nonce: string; to: Address; data: Hex };

/**
 * `GET /v1/admin/orders?order=&buyer=&before=&limit=` (scope `orders:read`): orders, newest first, at most 50; `invalidate` for every
 * buyer among them whose voucher may still be used. `next` is the `before` of the next page, null on the last.
 */
export type OperatorOrders = { orders: Order[]; invalidate: Invalidation[]; next: string | null };

/** `GET /v1/admin/refusals` (scope `orders:read`): refused requests of all clients by code, most first, of `days` days. */
export type Refusals = { days: number; refusals: { code: string; count: number }[] };

/** A row of the audit log; `detail` is free of personal data. */
export type AuditRow = {
  seq: string;
  at: string;
  actor: string;
  action: string;
  detail: Record<string, unknown>;
  hash: string;
};

/** `GET /v1/admin/audit/newest` (scope `audit:read`): the newest 20 rows, newest first; the first one's hash is the log's head. */
export type NewestAudit = { rows: AuditRow[] };

/**
 * `POST /v1/webhooks/kyc`: a decision about a person, signed by `Slipway-Signature: t=<seconds>,v1=<hex>` with
 * HMAC-SHA256 over `<t>.<raw body>`. The same `id` counts once; an event older than what is known changes nothing.
 */
export type KycEvent = {
  id: string;
  /** When it was decided, ISO 8601 in UTC; orders events. */
  decidedAt: string;
  /** The provider's applicant id. No other personal data is taken. */
  subject: string;
  /** Wallets proved to be this person's; added to those known. */
  wallets: Address[];
  /** ISO 3166-1 alpha-2, or 3166-2 with subdivision. */
  country: string;
  tier: string;
  decision: Decision;
};

/** `held`: an operator refused or revoked this person, which stands; the event is in the review queue. */
export type KycEventAnswer = { id: string; outcome: "applied" | "duplicate" | "older" | "held" | "ignored" };

/** Error body: RFC 9457 plus our code. `fields` names what was wrong with the input. */
export type ProblemDetails = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  wayOut: string;
  instance?: string;
  fields?: { field: string; got: string; wanted: string }[];
  /** With `nonce-used` and `nonce-ahead`: the nonce on chain. */
  expectedNonce?: string;
  /** With `order-open`, `voucher-expired`, `nonce-used`: the order to look at. */
  order?: Hex;
  /** Path that helps, such as `/v1/orders/0x…/renew`. */
  link?: string;
  /** With `busy`: how many are before you; your turn comes with Retry-After. */
  place?: number;
  /** Server's time, seconds, where a clock may be the cause. */
  serverTime?: number;
};
