import type { Address, Hex } from "viem";
import { z } from "zod";
import { historyKinds } from "../../sdk/history.ts";
import type * as Api from "../../sdk/indexerApi.ts";
import { phases } from "../../sdk/phase.ts";

/** What the API answers, for its description; `src/sdk/indexerApi.ts` has the types, which the compiler compares. */
const address = z
  .templateLiteral(["0x", z.string()])
  .meta({ description: "address, EIP-55" }) as z.ZodType<Address>;
const bytes = z.templateLiteral(["0x", z.string()]).meta({ description: "hex" }) as z.ZodType<Hex>;
const units = z.string().meta({ description: "decimal, base units" });
const count = z.number();
const seconds = z.number().meta({ description: "seconds since 1970" });

const block = z.strictObject({ number: count, hash: bytes, time: seconds });

const lag: z.ZodType<Api.Lag> = z.strictObject({ blocks: count, seconds: count });

export const saleAnswer: z.ZodType<Api.SaleStats> = z.strictObject({
  chainId: count,
  ...{ sale: address, token: address, currency: address, termsHash: bytes, startBlock: count },
  phase: z.enum(phases),
  ...{ raised: units, softCap: units, hardCap: units, buyers: count, entries: count, purchases: count },
  ...{ withdrawals: count, history: bytes, opensAt: seconds, closesAt: seconds },
  ...{ settledAt: seconds.nullable(), listedAt: seconds.nullable(), pool: bytes.nullable() },
  ...{ claimedTokens: units, refunded: units, head: block, finalised: block },
  finality: z
    .strictObject({
      ...{ blocks: count, seconds: count, proved: count, stalled: z.boolean() },
      deadlineInSeconds: count.nullable(),
    })
    .exactOptional(),
  lag: lag.exactOptional(),
  status: z.enum(["syncing", "live", "quarantined", "halted"]),
  ...{ reason: z.string().exactOptional(), wayOut: z.string().exactOptional() },
});

const entry: z.ZodType<Api.EntryJson> = z.strictObject({
  ...{ sequence: count, kind: z.enum(historyKinds), buyer: address, nonce: z.string(), amount: units },
  ...{ orderId: bytes, history: bytes, block, transaction: bytes, finalised: z.boolean() },
});
export const entriesAnswer: z.ZodType<Api.EntriesPage> = z.strictObject({
  ...{ entries: z.array(entry), next: count.nullable() },
});
export const proofAnswer: z.ZodType<Api.EntryProof> = z.strictObject({
  before: z.strictObject({ sequence: count, history: bytes }),
  entries: z.array(entry),
  end: z.strictObject({ sequence: count, history: bytes, block }),
  complete: z.boolean(),
});

export const positionAnswer: z.ZodType<Api.PositionJson> = z.strictObject({
  ...{ buyer: address, paid: units, nonce: z.string(), ejected: units, claimedTokens: units },
  ...{ vestedTokens: units, claimableTokens: units, refunded: units, purchases: count },
});
export const positionsAnswer: z.ZodType<Api.PositionsPage> = z.strictObject({
  ...{ positions: z.array(positionAnswer), next: address.nullable() },
});
export const chartAnswer: z.ZodType<Api.Chart> = z.strictObject({
  points: z.array(z.strictObject({ time: seconds, raised: units, entries: count, purchases: count })),
});
export const insidersAnswer: z.ZodType<Api.Insiders> = z.strictObject({
  insiders: z.array(
    z.strictObject({ address, labels: z.array(z.string()), position: positionAnswer.nullable() }),
  ),
  ...{ paid: units, paidByAll: units },
});
export const concentrationAnswer: z.ZodType<Api.Concentration> = z.strictObject({
  ...{ buyers: count, paid: units, largest1: units, largest10: units, largest100: units },
});
export const supplyAnswer: z.ZodType<Api.SupplyJson> = z.strictObject({
  ...{ decimals: count, total: units, circulating: units, inSale: units, inVesting: units, burned: units },
});

const event: z.ZodType<Api.SaleEventJson> = z.strictObject({
  contract: z.enum(["sale", "vesting", "venue", "registry"]),
  ...{ name: z.string(), args: z.record(z.string(), z.string()), block, transaction: bytes },
  ...{ logIndex: count, finalised: z.boolean() },
});
export const logAnswer: z.ZodType<Api.SaleEventsPage> = z.strictObject({
  ...{ events: z.array(event), next: z.string().nullable() },
});
export const whole = { entries: z.array(entry), positions: z.array(positionAnswer), log: z.array(event) };

export const readinessAnswer: z.ZodType<Api.IndexerReadiness> = z.strictObject({
  ready: z.boolean(),
  checks: z.array(
    z.strictObject({
      ...{ name: z.string(), ok: z.boolean(), got: z.string().exactOptional() },
      ...{ wanted: z.string().exactOptional(), wayOut: z.string().exactOptional() },
    }),
  ),
});

export const problemAnswer = z.strictObject({
  ...{ type: z.string(), title: z.string(), status: count, code: z.string(), detail: z.string() },
  ...{ wayOut: z.string(), instance: z.string().exactOptional() },
  fields: z.array(z.strictObject({ field: z.string(), got: z.string(), wanted: z.string() })).exactOptional(),
});

export const text = (description: string) => z.string().meta({ description });
/** Described elsewhere. */
export const other = (description: string) => z.looseObject({}).meta({ description });
