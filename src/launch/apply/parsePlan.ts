import { z } from "zod";
import { isAddress, isHex, type Address, type Hex } from "viem";
import { launchError } from "../launchErrors.ts";
import { planHash, type Plan } from "../plan/Plan.ts";

/** What of a plan file is acted on; the rest is for people. */
export type ApprovedPlan = Pick<
  Plan,
  "hash" | "chainId" | "sender" | "file" | "termsHash" | "beneath" | "transactions"
>;

const address = z.custom<Address>((value) => isAddress(value as string, { strict: false }));
const hex = z.custom<Hex>((value) => isHex(value));
const units = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));

const postcondition = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("contract"), address, codeHash: hex }),
  z.object({ kind: z.literal("funded"), address, wei: units, unless: address }),
  z.object({ kind: z.literal("announced"), registry: address, sale: address }),
]);

const planFile = z.object({
  hash: hex,
  chainId: z.number().int(),
  sender: address,
  file: z.string(),
  termsHash: hex,
  beneath: z.array(z.object({ name: z.string(), address, codeHash: hex })),
  transactions: z.array(
    z.object({
      words: z.string(),
      to: address.nullable(),
      ...{ value: units, data: hex, gas: units, cost: units },
      signed: hex.optional(),
      done: z.boolean(),
      postcondition,
    }),
  ),
});

/** A plan file as `launch plan --out` wrote it. Throws `plan-unreadable`, or `plan-altered` where its hash is not its own. */
export function parsePlan(text: string): ApprovedPlan {
  const plan = read(text);
  const got = planHash(plan);
  if (got !== plan.hash) throw launchError("plan-altered", `it hashes to ${got}, and says ${plan.hash}`);
  return plan;
}

function read(text: string): ApprovedPlan {
  try {
    const { transactions, ...rest } = planFile.parse(JSON.parse(text));
    return {
      ...rest,
      transactions: transactions.map(({ signed, ...each }) => ({
        ...each,
        ...(signed === undefined ? {} : { signed }),
      })),
    };
  } catch (cause) {
    throw launchError("plan-unreadable", cause instanceof z.ZodError ? z.prettifyError(cause) : "", {
      cause,
    });
  }
}
