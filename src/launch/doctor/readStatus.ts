import { z } from "zod";
import type { ServiceStatus } from "../../sdk/serviceStatus.ts";

const hex = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]*$/)]);
const texts = z.array(z.string());
const numbers = z.record(z.string(), z.number());
/** What is not as the type says is not reported. */
const told = <T extends z.ZodType>(shape: T) => shape.optional().catch(undefined);

const status = z.object({
  chainId: told(z.number()),
  sales: told(z.array(z.object({ sale: hex, termsHash: hex, policyHash: hex.optional() }))),
  signer: told(hex),
  head: told(z.object({ number: z.number(), time: z.number() })),
  clock: told(z.number()),
  keyAgesDays: told(numbers),
  requestsPerMinute: told(z.object({ client: z.number(), address: z.number() })),
  quotasPerMinute: told(numbers),
  origins: told(texts),
  loginDomains: told(texts),
  behindProxy: told(z.boolean()),
});

/** All that a service of another version may leave out is left out. */
export type ToldStatus = { [K in keyof ServiceStatus]?: ServiceStatus[K] | undefined };

/** Of what a service answered; undefined where it is no object. */
export function readStatus(answer: unknown): ToldStatus | undefined {
  return status.safeParse(answer).data as ToldStatus | undefined;
}
