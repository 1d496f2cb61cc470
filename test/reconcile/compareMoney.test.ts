import { expect } from "chai";
import { zeroAddress, zeroHash } from "viem";
import { compareMoney, type PositionSums } from "../../src/reconcile/compareMoney.ts";
import { compareWithSale } from "../../src/reconcile/createReplay.ts";
import type { SaleView } from "../../src/reconcile/readSale.ts";
import type { Phase } from "../../src/sdk/phase.ts";
import type { Terms } from "../../src/sdk/terms.ts";

const price = { currencyUnits: 3n, tokenUnits: 50n };
/** Of the terms, what money hangs on: 1,000 tokens, of which 200 are in Vesting. */
const terms = {
  token: { maxSupply: 1_000n, existing: zeroAddress },
  sale: { price },
  vesting: { allocationsTotal: 200n },
} as unknown as Terms;
const view: SaleView = {
  ...{ termsHash: zeroHash, phase: "open", history: "0x", settledAt: 0n, listedAt: 0n },
  ...{ raised: 30n, fee: 0n, treasury: 0n, treasuryPaid: 0n, unsold: 0n },
  ...{ token: "0x0000000000000000000000000000000000000abc", currencyHeld: 36n, tokensHeld: 800n },
};
const sums: PositionSums = { paid: 30n, claimed: 0n, ejected: 6n, buyers: 2 };
const told = (change: Partial<SaleView>, more: Partial<PositionSums> = {}) =>
  compareMoney({ ...view, ...change }, { ...sums, ...more }, terms, 9).map(({ code, got, wanted }) => [
    ...[code, got, wanted],
  ]);

describe("reconcile: money", () => {
  for (const phase of ["pending", "open", "closed", "succeeded"] as Phase[]) {
    it(`is in the sale before listing, ${phase}: positions, what was ejected, and tokens beside Vesting`, () => {
      expect(told({ phase })).to.deep.equal([]);
      expect(told({ phase, currencyHeld: 35n, tokensHeld: 799n })).to.deep.equal([
        ["currency-short", "35", "36"],
        ["token-short", "799", "800"],
      ]);
      expect(told({ phase, currencyHeld: 38n, tokensHeld: 801n })).to.deep.equal([
        ["currency-surplus", "2", "0"],
        ["token-surplus", "1", "0"],
      ]);
    });
  }

  it("has no tokens before a listing that bears them", () => {
    expect(told({ phase: "succeeded", token: zeroAddress, tokensHeld: 0n })).to.deep.equal([]);
  });

  it("is nothing in an unfunded sale", () => {
    const nothing = { paid: 0n, ejected: 0n };
    expect(told({ phase: "unfunded", currencyHeld: 0n, tokensHeld: 0n }, nothing)).to.deep.equal([]);
    expect(told({ phase: "unfunded", currencyHeld: 1n, tokensHeld: 0n }, nothing)).to.deep.equal([
      ["currency-surplus", "1", "0"],
    ]);
  });

  it("is what is left of credits and claims in a listed sale", () => {
    // 30 paid are 500 tokens, of which 6 paid are claimed: 400 are left, beside 70 unsold.
    const listed = { phase: "listed", fee: 1n, treasury: 20n, treasuryPaid: 5n, unsold: 70n } as const;
    expect(told({ ...listed, currencyHeld: 22n, tokensHeld: 470n }, { claimed: 6n })).to.deep.equal([]);
    expect(told({ ...listed, currencyHeld: 21n, tokensHeld: 469n }, { claimed: 6n })).to.deep.equal([
      ["currency-short", "21", "22"],
      ["token-short", "469", "470"],
    ]);
  });

  it("is what was not refunded in a failed sale, whose tokens are nobody's", () => {
    expect(told({ phase: "failed", currencyHeld: 16n, tokensHeld: 0n }, { paid: 10n })).to.deep.equal([]);
    expect(told({ phase: "failed", currencyHeld: 15n, tokensHeld: 7n }, { paid: 10n })).to.deep.equal([
      ["currency-short", "15", "16"],
    ]);
  });
});

describe("reconcile: the replay beside the sale", () => {
  const copy = { sequence: 2, history: "0x", raised: 30n, purchases: 2, withdrawals: 0 } as const;

  it("must end at the sale's history and at its total", () => {
    expect(compareWithSale(copy, view, 9)).to.deep.equal([]);
    const sum = compareWithSale({ ...copy, raised: 31n }, view, 9);
    expect(sum.map(({ code, got, wanted, block }) => [code, got, wanted, block])).to.deep.equal([
      ["sum-differs", "31", "30", 9],
    ]);
    const other = compareWithSale({ ...copy, history: "0x01" }, view, 9);
    expect(other.map(({ code }) => code)).to.deep.equal(["history-differs"]);
  });
});
