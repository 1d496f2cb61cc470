import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Address, Hex } from "viem";
import { historyKinds, historyNext, historyStart, type HistoryKind } from "../../src/sdk/history.ts";
import { policyHash, policyTypes, type Policy } from "../../src/sdk/policy.ts";
import { termsHash, termsTypes, type Terms } from "../../src/sdk/terms.ts";
import { voucherDigest, type Voucher } from "../../src/sdk/voucher.ts";
import * as byEthers from "../vectors/byEthers.ts";

type What = { what: string };
type OfSale = { chainId: string; sale: Address };

// The same files are read by test/contracts/Vectors.t.sol.
function vectors<V>(name: string): (V & What)[] {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8")) as (V &
    What)[];
}

type Types = Record<string, readonly { name: string; type: string }[]>;

/** A struct of decimal strings as the SDK has it: small integers as numbers, the others as bigints. */
function typed(types: Types, type: string, value: unknown): unknown {
  const array = /^(.*)\[\]$/.exec(type);
  if (array) return (value as unknown[]).map((each) => typed(types, array[1]!, each));
  const fields = types[type];
  if (fields !== undefined) {
    const struct = value as Record<string, unknown>;
    return Object.fromEntries(fields.map(({ name, type }) => [name, typed(types, type, struct[name])]));
  }
  const bits = /^u?int(\d+)$/.exec(type)?.[1];
  if (bits === undefined) return value;
  return Number(bits) <= 48 ? Number(value) : BigInt(value as string);
}

function saleOf({ chainId, sale }: OfSale) {
  return { chainId: Number(chainId), sale };
}

describe("known answers", () => {
  for (const v of vectors<OfSale & { buyer: Address; voucher: byEthers.Fields; digest: Hex }>("voucher")) {
    it(`voucher: ${v.what}`, () => {
      const { nonce, cumulativeCap, validFrom, validUntil, orderId } = v.voucher as Record<string, string>;
      const voucher: Voucher = {
        nonce: BigInt(nonce!),
        cumulativeCap: BigInt(cumulativeCap!),
        validFrom: BigInt(validFrom!),
        validUntil: BigInt(validUntil!),
        orderId: orderId as Hex,
      };
      expect(voucherDigest({ ...saleOf(v), buyer: v.buyer, voucher })).to.equal(v.digest);
      expect(byEthers.voucherDigest(v, v.buyer, v.voucher)).to.equal(v.digest);
    });
  }

  for (const v of vectors<{ terms: byEthers.Fields; hash: Hex; abi: Hex }>("terms")) {
    it(`terms: ${v.what}`, () => {
      expect(termsHash(typed(termsTypes, "Terms", v.terms) as Terms)).to.equal(v.hash);
      expect(byEthers.termsHash(v.terms)).to.equal(v.hash);
      expect(byEthers.encodeTerms(v.terms)).to.equal(v.abi);
    });
  }

  for (const v of vectors<OfSale & { termsHash: Hex; history: Hex }>("historyStart")) {
    it(`history before any entry: ${v.what}`, () => {
      expect(historyStart({ ...saleOf(v), termsHash: v.termsHash })).to.equal(v.history);
      expect(byEthers.historyStart(v, v.termsHash)).to.equal(v.history);
    });
  }

  const entries = vectors<{ before: Hex; entry: byEthers.Entry; after: Hex }>("historyNext");
  for (const { what, before, entry, after } of entries) {
    it(`history after one entry: ${what}`, () => {
      const typedEntry = {
        kind: entry.kind as HistoryKind,
        buyer: entry.buyer as Address,
        nonce: BigInt(entry.nonce),
        amount: BigInt(entry.amount),
        orderId: entry.orderId as Hex,
      };
      expect(historyNext(before, typedEntry)).to.equal(after);
      expect(byEthers.historyNext(before, entry)).to.equal(after);
    });
  }

  it("hold every kind of entry", () => {
    expect(new Set(entries.map(({ entry }) => entry.kind))).to.deep.equal(new Set(historyKinds));
  });

  for (const v of vectors<{ policy: byEthers.Fields; hash: Hex }>("policy")) {
    it(`policy: ${v.what}`, () => {
      expect(policyHash(typed(policyTypes, "Policy", v.policy) as Policy)).to.equal(v.hash);
      expect(byEthers.policyHash(v.policy)).to.equal(v.hash);
    });
  }
});
