import type { Address, Hex } from "viem";
import { z } from "zod";
import type {
  Eligibility,
  KycEventAnswer,
  Order,
  OrderExport,
  OrderStatus,
  OrderWithVoucher,
  ProblemDetails,
  Readiness,
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
  nonce: z.string().meta({ description: "what an order must name" }),
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

export const kycEventAnswer: z.ZodType<KycEventAnswer> = z.strictObject({
  id: z.string(),
  outcome: z.enum(["applied", "duplicate", "older"]),
});

export const problemAnswer: z.ZodType<ProblemDetails> = z.strictObject({
  ...{ type: z.string(), title: z.string(), status: z.number(), code: z.string(), detail: z.string() },
  wayOut: z.string(),
  instance: z.string().exactOptional(),
  fields: z.array(z.strictObject({ field: z.string(), got: z.string(), wanted: z.string() })).exactOptional(),
  expectedNonce: z.string().exactOptional(),
  order: bytes.exactOptional(),
  link: z.string().exactOptional(),
  serverTime: seconds.exactOptional(),
});

export const healthAnswer = z.strictObject({ status: z.literal("ok") });
