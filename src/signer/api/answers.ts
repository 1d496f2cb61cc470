import type { Address, Hex } from "viem";
import { z } from "zod";
import type { ServiceStatus } from "../../sdk/serviceStatus.ts";
import { decisions } from "../../sdk/signerApi.ts";
import type {
  AuditRow,
  Eligibility,
  Invalidation,
  KycEventAnswer,
  OperatorOrders,
  Order,
  OrderExport,
  OrderStatus,
  OrderWithVoucher,
  ProblemDetails,
  Readiness,
  Refusals,
  Session,
} from "../../sdk/signerApi.ts";

/** What the API answers, for its description; `src/sdk/signerApi.ts` has the types, which the compiler compares. */
const wallet = z
  .templateLiteral(["0x", z.string()])
  .meta({ description: "address, EIP-55" }) as z.ZodType<Address>;
const bytes = z.templateLiteral(["0x", z.string()]).meta({ description: "hex" }) as z.ZodType<Hex>;
const amount = z.string().meta({ description: "decimal, currency base units" });
const seconds = z.number().meta({ description: "seconds since 1970" });
const statuses = [
  "open",
  "expired",
  "redeemed",
  "superseded",
  "invalidated",
  "revoked",
] as const satisfies OrderStatus[];

const tier = z.strictObject({
  id: z.string(),
  ...{ personCap: amount, opensAt: z.string(), closesAt: z.string(), voucherSeconds: z.string() },
});
const policy = z.strictObject({
  version: z.string(),
  tiers: z.array(tier),
  deniedCountries: z.array(z.string()),
  ...{ walletsPerPerson: z.string(), decisionMaxAgeSeconds: z.string(), requestsPerMinute: z.string() },
});

export const launchAnswer = z.strictObject({
  chainId: z.number(),
  ...{ sale: wallet, termsHash: bytes, policyHash: bytes, policy, signer: wallet },
  chainTime: seconds,
  stopped: z.string().exactOptional(),
});

export const usageAnswer = z.strictObject({
  client: z.string(),
  days: z.array(z.strictObject({ day: z.string(), counts: z.record(z.string(), z.number()) })),
});

export const statusAnswer: z.ZodType<ServiceStatus> = z.strictObject({
  chainId: z.number(),
  sales: z.array(z.strictObject({ sale: wallet, termsHash: bytes, policyHash: bytes.exactOptional() })),
  signer: wallet.exactOptional(),
  head: z.strictObject({ number: z.number(), time: seconds }).exactOptional(),
  clock: seconds.exactOptional(),
  keyAgesDays: z.record(z.string(), z.number()).exactOptional(),
  requestsPerMinute: z.strictObject({ client: z.number(), address: z.number() }).exactOptional(),
  quotasPerMinute: z.record(z.string(), z.number()).exactOptional(),
  origins: z.array(z.string()).exactOptional(),
  loginDomains: z.array(z.string()).exactOptional(),
  behindProxy: z.boolean().exactOptional(),
});

export const readinessAnswer: z.ZodType<Readiness> = z.strictObject({
  ready: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      ok: z.boolean(),
      got: z.string().exactOptional(),
      wanted: z.string().exactOptional(),
      wayOut: z.string().exactOptional(),
    }),
  ),
  warnings: z
    .array(
      z.strictObject({
        ...{ name: z.string(), red: z.boolean(), got: z.string(), wanted: z.string(), wayOut: z.string() },
      }),
    )
    .exactOptional(),
});

export const nonceAnswer = z.strictObject({ nonce: z.string() });

export const sessionAnswer: z.ZodType<Session> = z.strictObject({
  token: z.string(),
  wallet,
  expiresAt: seconds,
});

export const eligibilityAnswer: z.ZodType<Eligibility> = z.strictObject({
  wallet,
  eligible: z.boolean(),
  code: z.string().exactOptional(),
  detail: z.string().exactOptional(),
  wayOut: z.string().exactOptional(),
  tier: z.string().exactOptional(),
  cumulativeCapMost: amount,
  nonce: z.string().exactOptional().meta({ description: "what an order must name" }),
  openOrder: bytes.exactOptional(),
});

export const voucherAnswer: z.ZodType<OrderWithVoucher> = z.strictObject({
  orderId: bytes,
  chainId: z.number(),
  sale: wallet,
  voucher: z.strictObject({
    buyer: wallet,
    ...{ nonce: z.string(), cumulativeCap: amount, validFrom: z.string(), validUntil: z.string() },
    orderId: bytes,
  }),
  signature: bytes,
  signer: wallet,
});

export const orderAnswer: z.ZodType<Order> = z.strictObject({
  orderId: bytes,
  ...{ sale: wallet, buyer: wallet, nonce: z.string(), cumulativeCap: amount },
  status: z.enum(statuses),
  createdAt: seconds,
  voucherValidUntil: seconds,
  filled: amount.exactOptional(),
});

export const ordersAnswer: z.ZodType<{ orders: Order[] }> = z.strictObject({ orders: z.array(orderAnswer) });

export const exportAnswer: z.ZodType<OrderExport> = z.strictObject({
  orders: z.array(
    z.strictObject({
      orderId: bytes,
      ...{ buyer: wallet, nonce: z.string(), cumulativeCap: amount, status: z.enum(statuses) },
      createdAt: seconds,
      filled: amount.exactOptional(),
    }),
  ),
  next: z.string().nullable(),
});

export const referenceAnswer = z.strictObject({ reference: z.string() });

export const kycEventAnswer: z.ZodType<KycEventAnswer> = z.strictObject({
  id: z.string(),
  outcome: z.enum(["applied", "duplicate", "older", "held", "ignored"]),
});

export const problemAnswer: z.ZodType<ProblemDetails> = z.strictObject({
  ...{ type: z.string(), title: z.string(), status: z.number(), code: z.string(), detail: z.string() },
  wayOut: z.string(),
  instance: z.string().exactOptional(),
  fields: z.array(z.strictObject({ field: z.string(), got: z.string(), wanted: z.string() })).exactOptional(),
  expectedNonce: z.string().exactOptional(),
  order: bytes.exactOptional(),
  link: z.string().exactOptional(),
  place: z.number().exactOptional(),
  serverTime: seconds.exactOptional(),
});

export const healthAnswer = z.strictObject({ status: z.literal("ok") });

const person = z.strictObject({
  ...{ subject: z.string(), country: z.string(), tier: z.string(), decision: z.enum(decisions) },
  decidedAt: seconds,
  wallets: z.array(wallet),
  claim: z
    .enum(decisions)
    .exactOptional()
    .meta({ description: "decided elsewhere since an operator refused or revoked the person" }),
});
export const subjectAnswer = person;
export const reviewAnswer = z.strictObject({ subjects: z.array(person) });
const invalidate: z.ZodType<Invalidation[]> = z
  .array(z.strictObject({ buyer: wallet, nonce: z.string(), to: wallet, data: bytes }))
  .meta({ description: "what compliance sends to the sale so that vouchers given before die at once" });
export const decisionAnswer = z.strictObject({
  ...{ subject: z.string(), decision: z.enum(decisions) },
  invalidate,
});
export const operatorOrdersAnswer: z.ZodType<OperatorOrders> = z.strictObject({
  ...{ orders: z.array(orderAnswer), invalidate, next: z.string().nullable() },
});
export const refusalsAnswer: z.ZodType<Refusals> = z.strictObject({
  days: z.number(),
  refusals: z.array(z.strictObject({ code: z.string(), count: z.number() })),
});
export const stopAnswer = z.strictObject({ stopped: z.boolean(), message: z.string().exactOptional() });
export const limitsAnswer = z.strictObject({
  ...{ requestsPerMinute: z.number(), policy: z.number() },
  change: z
    .strictObject({ requestsPerMinute: z.number(), reason: z.string(), by: z.string(), at: seconds })
    .nullable(),
});
export const keyAnswer = z.strictObject({
  id: z.string(),
  key: z.string().meta({ description: "shown this once" }),
});
export const keysAnswer = z.strictObject({
  keys: z.array(
    z.strictObject({
      ...{ id: z.string(), note: z.string(), scopes: z.array(z.string()), networks: z.array(z.string()) },
      ...{ createdAt: seconds, revokedAt: seconds.nullable() },
    }),
  ),
});
export const revokedAnswer = z.strictObject({ id: z.string(), revoked: z.literal(true) });
const rows: z.ZodType<AuditRow[]> = z.array(
  z.strictObject({
    ...{ seq: z.string(), at: z.string(), actor: z.string(), action: z.string() },
    ...{ detail: z.record(z.string(), z.unknown()), hash: z.string() },
  }),
);
export const auditAnswer = z.strictObject({ rows, next: z.string().nullable() });
export const newestAuditAnswer = z.strictObject({ rows });
