import { createHash } from "node:crypto";

/** Made-up people, each with one wallet and one session; what belongs to whom follows from the number. */
export type BenchPerson = { subject: string; wallet: string; token: string };

export function personOf(number: number): BenchPerson {
  const bytes = createHash("sha256")
    .update(`person ${String(number)}`)
    .digest();
  return {
    ...{ subject: `person-${String(number)}`, wallet: `0x${bytes.subarray(0, 20).toString("hex")}` },
    token: createHash("sha256").update(bytes).digest("base64url"),
  };
}

export const hashOfToken = (token: string): Buffer => createHash("sha256").update(token).digest();
