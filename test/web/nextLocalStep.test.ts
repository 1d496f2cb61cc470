import { expect } from "chai";
import { phases, type Phase } from "../../src/sdk/phase.ts";
import type { Terms } from "../../src/sdk/terms.ts";
import { nextLocalStep } from "../../src/web/local/nextLocalStep.ts";

const terms = {
  sale: { opensAt: 100n, closesAt: 200n },
  listing: { delay: 50n },
  vesting: { buyers: { durationSeconds: 1_000n } },
} as Terms;
const step = (phase: Phase, change: { time?: bigint; settledAt?: bigint; listedAt?: bigint } = {}) => {
  const found = nextLocalStep({ phase, time: 0n, settledAt: 0n, listedAt: 0n, ...change }, terms);
  return found === undefined ? undefined : [found.moveTo, found.call];
};

describe("nextLocalStep", () => {
  it("opens, closes and finalises", () => {
    expect(step("pending")).to.deep.equal([100n, undefined]);
    expect(step("open", { time: 150n })).to.deep.equal([200n, "finalise"]);
    expect(step("closed", { time: 200n })).to.deep.equal([undefined, "finalise"]);
  });

  it("waits for the listing delay, then lists", () => {
    expect(step("succeeded", { time: 200n, settledAt: 200n })).to.deep.equal([250n, "list"]);
    expect(step("succeeded", { time: 250n, settledAt: 200n })).to.deep.equal([undefined, "list"]);
  });

  it("goes on by 30 days until all has vested", () => {
    expect(step("listed", { time: 1_299n, listedAt: 300n })).to.deep.equal([1_299n + 2_592_000n, undefined]);
    expect(step("listed", { time: 1_300n, listedAt: 300n })).to.equal(undefined);
  });

  it("has no step in the other phases", () => {
    const others = phases.filter(
      (phase) => !["pending", "open", "closed", "succeeded", "listed"].includes(phase),
    );
    for (const phase of others) expect(step(phase)).to.equal(undefined);
  });
});
