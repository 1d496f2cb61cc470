import type { Address } from "viem";
import type { ServiceStatus } from "../../sdk/serviceStatus.ts";
import type {
  Decision,
  Invalidation,
  NewestAudit,
  OperatorOrders,
  Readiness,
  Refusals,
  SignerLaunch,
} from "../../sdk/signerApi.ts";
import { signerProblemOf, signerUnreachable } from "../../sdk/signerClient.ts";

/** A person as the signer knows one; no other data is kept there. */
export type Subject = {
  subject: string;
  country: string;
  tier: string;
  decision: Decision;
  decidedAt: number;
  wallets: Address[];
  /** Decided elsewhere since an operator refused or revoked the person. */
  claim?: Decision;
};
export type OperatorKey = {
  id: string;
  note: string;
  scopes: string[];
  networks: string[];
  createdAt: number;
  revokedAt: number | null;
};

export type Limits = {
  requestsPerMinute: number;
  policy: number;
  change: { requestsPerMinute: number; reason: string; by: string; at: number } | null;
};

/** The signer's operator API, by a key of the operator's own. Every method throws the signer's refusal. */
export type OperatorClient = {
  review: () => Promise<{ subjects: Subject[] }>;
  subject: (subject: string) => Promise<Subject>;
  decide: (
    subject: string,
    decided: { decision: Decision; reason: string },
  ) => Promise<{ subject: string; decision: Decision; invalidate: Invalidation[] }>;
  stop: (message: string) => Promise<{ stopped: boolean }>;
  resume: () => Promise<{ stopped: boolean }>;
  limits: () => Promise<Limits>;
  /** null: as the policy says, again. */
  setLimits: (body: { requestsPerMinute: number | null; reason: string }) => Promise<Limits>;
  keys: () => Promise<{ keys: OperatorKey[] }>;
  createKey: (wanted: { note: string; scopes: string[] }) => Promise<{ id: string; key: string }>;
  revokeKey: (id: string) => Promise<{ id: string }>;
  newestAudit: () => Promise<NewestAudit>;
  /** Newest first: all, one, or a wallet's. */
  orders: (query: { order?: string; buyer?: string; before?: string }) => Promise<OperatorOrders>;
  refusals: () => Promise<Refusals>;
  /** Open to anybody. */
  launch: () => Promise<SignerLaunch>;
  ready: () => Promise<Readiness>;
  status: () => Promise<ServiceStatus>;
};

export function createOperatorClient({
  url,
  key,
  fetch: send = (...args) => globalThis.fetch(...args),
}: {
  url: string;
  key: string;
  fetch?: typeof globalThis.fetch;
}): OperatorClient {
  const base = url.replace(/\/+$/, "");

  async function open(path: string, { body }: { body?: unknown } = {}) {
    const response = await send(`${base}${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
    }).catch((cause: unknown) => {
      throw signerUnreachable(base, cause);
    });
    return { response, text: await response.text() };
  }

  async function ask<T>(path: string, options: Parameters<typeof open>[1] = {}): Promise<T> {
    const answer = await open(path, options);
    if (answer.response.ok) return JSON.parse(answer.text) as T;
    throw signerProblemOf(answer, base);
  }

  const person = (subject: string) => `/v1/admin/subjects/${encodeURIComponent(subject)}`;
  return {
    review: () => ask("/v1/admin/review"),
    subject: (subject) => ask(person(subject)),
    decide: (subject, body) => ask(`${person(subject)}/decision`, { body }),
    stop: (message) => ask("/v1/admin/stop", { body: { message } }),
    resume: () => ask("/v1/admin/resume", { body: {} }),
    limits: () => ask("/v1/admin/limits"),
    setLimits: (body) => ask("/v1/admin/limits", { body }),
    keys: () => ask("/v1/admin/keys"),
    createKey: (wanted) => ask("/v1/admin/keys", { body: wanted }),
    revokeKey: (id) => ask(`/v1/admin/keys/${encodeURIComponent(id)}/revoke`, { body: {} }),
    newestAudit: () => ask("/v1/admin/audit/newest"),
    orders: (query) => ask(`/v1/admin/orders?${new URLSearchParams(query).toString()}`),
    refusals: () => ask("/v1/admin/refusals"),
    launch: () => ask("/v1/launch"),
    // 503 has the same body.
    ready: async () => JSON.parse((await open("/readyz")).text) as Readiness,
    status: () => ask("/v1/status"),
  };
}
