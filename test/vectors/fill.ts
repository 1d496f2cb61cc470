// node --import tsx test/vectors/fill.ts: fills in what each vector expects. Only for a new vector; those that are there
// are known answers and stay.
import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import type { Entry, Fields, OfSale } from "./byEthers.ts";
import { encodeTerms, historyNext, historyStart, policyHash, termsHash, voucherDigest } from "./byEthers.ts";

async function fill<V>(name: string, expected: (vector: V) => Record<string, string>): Promise<void> {
  const file = new URL(`${name}.json`, import.meta.url);
  const vectors = JSON.parse(readFileSync(file, "utf8")) as V[];
  const filled = vectors.map((vector) => ({ ...vector, ...expected(vector) }));
  writeFileSync(file, await format(JSON.stringify(filled), { parser: "json", printWidth: 110 }));
}

await fill<OfSale & { buyer: string; voucher: Fields }>("voucher", (v) => ({
  digest: voucherDigest(v, v.buyer, v.voucher),
}));
await fill<{ terms: Fields }>("terms", ({ terms }) => ({ hash: termsHash(terms), abi: encodeTerms(terms) }));
await fill<OfSale & { termsHash: string }>("historyStart", (v) => ({
  history: historyStart(v, v.termsHash),
}));
await fill<{ before: string; entry: Entry }>("historyNext", ({ before, entry }) => ({
  after: historyNext(before, entry),
}));
await fill<{ policy: Fields }>("policy", ({ policy }) => ({ hash: policyHash(policy) }));
