import { expect } from "chai";
import { quotePurchase, type QuoteProblem } from "../../src/web/purchase/quotePurchase.ts";

/** 3 units of currency buy 10 tokens; 100 of 300 are sold. */
const base = {
  sale: { price: { currencyUnits: 3n, tokenUnits: 10n }, hardCap: 300n, minPurchase: 30n },
  ...{ raised: 99n, paid: 0n, capMost: 150n, balance: 1_000n, amount: 60n },
};

const cases: [name: string, change: Partial<typeof base>, problem: QuoteProblem | undefined, fill: bigint][] =
  [
    ["passes", {}, undefined, 60n],
    ["rounds down to whole units", { amount: 62n }, undefined, 60n],
    ["less than a unit", { amount: 2n }, { code: "too-small", limit: 3n }, 0n],
    ["nothing", { amount: 0n }, { code: "too-small", limit: 3n }, 0n],
    ["at the minimum", { amount: 30n }, undefined, 30n],
    ["just below the minimum", { amount: 29n }, { code: "below-minimum", limit: 30n }, 27n],
    ["a top-up below the minimum", { amount: 3n, paid: 27n }, undefined, 3n],
    ["at the person's cap", { amount: 150n }, undefined, 150n],
    ["one unit above it", { amount: 153n }, { code: "above-cap", limit: 150n }, 153n],
    ["above what the cap leaves", { amount: 60n, paid: 120n }, { code: "above-cap", limit: 30n }, 60n],
    ["a cap lowered below the position", { paid: 160n }, { code: "above-cap", limit: 0n }, 60n],
    ["all that is left", { amount: 201n, capMost: 300n }, undefined, 201n],
    ["more than is left", { amount: 204n, capMost: 300n }, { code: "above-left", limit: 201n }, 204n],
    ["sold out", { raised: 300n }, { code: "sold-out", limit: 0n }, 60n],
    ["the last fill below the minimum", { raised: 294n, amount: 6n }, undefined, 6n],
    ["the whole balance", { balance: 60n }, undefined, 60n],
    ["more than the balance", { balance: 59n }, { code: "balance-short", limit: 59n }, 60n],
  ];

describe("quotePurchase", () => {
  for (const [name, change, problem, fill] of cases) {
    it(name, () => {
      const quote = quotePurchase({ ...base, ...change });
      expect(quote.problem).to.deep.equal(problem);
      expect(quote.fill).to.equal(fill);
      // By the price alone: 10 tokens for each 3.
      expect(quote.tokens * 3n).to.equal(fill * 10n);
    });
  }
});
