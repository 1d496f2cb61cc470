import { expect } from "chai";
import { phases, type Phase } from "../../src/sdk/phase.ts";
import { exitsOf } from "../../src/web/position/exitsOf.ts";

const position = { paid: 10n, paidAt: 100n, ejected: 0n, claimable: 0n };
const calls = (phase: Phase, change: Partial<typeof position> = {}, time = 150n) =>
  exitsOf({
    state: { phase, time },
    position: { ...position, ...change },
    sale: { coolingOff: 60n, closesAt: 1_000n },
  }).map(({ call }) => call);

describe("exitsOf", () => {
  it("offers nothing to who has nothing, in any phase", () => {
    for (const phase of phases) expect(calls(phase, { paid: 0n })).to.deep.equal([]);
  });

  it("offers to withdraw while open, to the last second of the cooling-off", () => {
    expect(calls("open", {}, 159n)).to.deep.equal(["withdraw"]);
    expect(calls("open", {}, 160n)).to.deep.equal([]);
    expect(calls("closed", {}, 159n)).to.deep.equal([]);
  });

  it("names the close as the end of withdrawing, for who bought shortly before it", () => {
    const endFor = (paidAt: bigint) =>
      exitsOf({
        ...{ state: { phase: "open", time: paidAt }, position: { ...position, paidAt } },
        sale: { coolingOff: 60n, closesAt: 1_000n },
      })[0]?.until;
    expect(endFor(939n)).to.equal(999n);
    expect(endFor(940n)).to.equal(1_000n);
    expect(endFor(999n)).to.equal(1_000n);
  });

  it("offers the refund when failed", () => {
    expect(calls("failed")).to.deep.equal(["refund"]);
  });

  it("offers the claim when listed and something has vested", () => {
    expect(calls("listed", { claimable: 1n })).to.deep.equal(["claim"]);
    expect(calls("listed")).to.deep.equal([]);
  });

  it("offers what an ejection returned in every phase", () => {
    for (const phase of phases)
      expect(calls(phase, { paid: 0n, ejected: 1n })).to.deep.equal(["releaseEjected"]);
  });
});
