import { expect } from "chai";
import { zeroAddress, type Address } from "viem";
import { phases, type Phase } from "../../src/sdk/phase.ts";
import type { Terms } from "../../src/sdk/terms.ts";
import { fundsOf } from "../../src/web/watch/fundsOf.ts";
import { tokenPrice } from "../../src/web/watch/tokenPrice.ts";
import { powersOf } from "../../src/web/watch/powersOf.ts";

const somebody: Address = "0x1111111111111111111111111111111111111111";
const roles = { signer: somebody, compliance: somebody, guardian: somebody };
const terms = {
  sale: { voucherRequired: true, ejectable: true },
  listing: { delay: 24n },
  roles,
} as unknown as Terms;

describe("powersOf", () => {
  const powers = (phase: Phase, { time = 150n, pausedUntil = 0n, change = {}, owner = somebody } = {}) =>
    powersOf({
      state: { phase, time, settledAt: 200n, pausedUntil },
      terms: { ...terms, ...change },
      owner,
    }).flatMap(({ can }) => can);

  it("has every power in an open sale, a pause only once", () => {
    const all = ["vouchers", "signers", "invalidate", "eject", "pause", "declare-failed"];
    expect(powers("open")).to.deep.equal(all);
    expect(powers("open", { pausedUntil: 1n })).to.deep.equal(all.filter((power) => power !== "pause"));
  });

  it("leaves the guardian alone something to do after the settlement, to the last second of the delay", () => {
    expect(powers("succeeded", { time: 223n })).to.deep.equal(["declare-failed"]);
    expect(powers("succeeded", { time: 224n })).to.deep.equal([]);
  });

  it("leaves nobody any power once listed or failed", () => {
    expect([...powers("listed"), ...powers("failed")]).to.deep.equal([]);
  });

  it("knows no ejection where the terms have none, and no vouchers where none is needed", () => {
    const change = { sale: { voucherRequired: false, ejectable: false } };
    expect(powers("open", { change })).to.deep.equal(["invalidate", "pause", "declare-failed"]);
  });

  it("gives nobody's powers to nobody", () => {
    const nobody = { signer: zeroAddress, compliance: zeroAddress, guardian: zeroAddress };
    const owner: Address = "0x000000000000000000000000000000000000dEaD";
    for (const phase of phases) {
      expect(powers(phase, { change: { roles: nobody }, owner })).to.deep.equal([]);
    }
  });
});

describe("fundsOf", () => {
  const funds = { balance: 0n, feeOwed: 0n, treasury: 0n, treasuryPaid: 0n, listed: undefined };
  const total = (parts: { amount: bigint }[]) => parts.reduce((sum, { amount }) => sum + amount, 0n);

  it("has everything in positions before the listing, and says what lies beside them", () => {
    for (const phase of ["open", "closed", "succeeded"] as const) {
      expect(fundsOf({ phase, raised: 90n, funds: { ...funds, balance: 100n } })).to.deep.equal([
        { place: "positions", amount: 90n },
        { place: "beside", amount: 10n },
      ]);
    }
  });

  it("tells what waits for buyers of a failed sale from what they took back", () => {
    expect(fundsOf({ phase: "failed", raised: 90n, funds: { ...funds, balance: 60n } })).to.deep.equal([
      { place: "waiting", amount: 60n },
      { place: "taken-back", amount: 30n },
    ]);
  });

  it("splits a listed sale into pool, fee and treasury, paid and owed, to the last unit", () => {
    const listed = { pool: 40n, fee: 5n };
    const parts = fundsOf({
      ...{ phase: "listed", raised: 100n },
      funds: { balance: 38n, feeOwed: 5n, treasury: 55n, treasuryPaid: 22n, listed },
    });
    expect(parts).to.deep.equal([
      { place: "pool", amount: 40n },
      { place: "treasury-paid", amount: 22n },
      { place: "treasury-owed", amount: 33n },
      { place: "fee-owed", amount: 5n },
    ]);
    expect(total(parts)).to.equal(100n);
  });

  it("is empty where nothing was paid", () => {
    expect(fundsOf({ phase: "open", raised: 0n, funds })).to.deep.equal([]);
  });
});

describe("tokenPrice", () => {
  it("is currency for a whole token, to the nearest unit: v4's price lies a hair below the listing's", () => {
    const listed = { currencyUnits: 1n, tokenUnits: 20_000_000_000_000n };
    expect(tokenPrice(listed, 18)).to.equal(50_000n);
    const root = 17_715_955_711_429_571_029_610n; // ⌊√(5 · 10^-14) · 2^96⌋
    expect(tokenPrice({ currencyUnits: root ** 2n, tokenUnits: 2n ** 192n }, 18)).to.equal(50_000n);
    expect(tokenPrice({ currencyUnits: 5n, tokenUnits: 10n }, 0)).to.equal(1n);
    expect(tokenPrice({ currencyUnits: 4n, tokenUnits: 10n }, 0)).to.equal(0n);
  });
});
