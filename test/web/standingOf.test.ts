import { expect } from "chai";
import { phases, type Phase } from "../../src/sdk/phase.ts";
import type { Terms } from "../../src/sdk/terms.ts";
import { standingOf } from "../../src/web/position/standingOf.ts";

const terms = {
  sale: { coolingOff: 60n, closesAt: 1_000n },
  listing: { delay: 24n, deadline: 9_000n },
  vesting: { buyers: { durationSeconds: 500n } },
} as Terms;
const standing = (phase: Phase, { time = 150n, paid = 10n, claimed = 0n } = {}) =>
  standingOf({
    state: { phase, time, settledAt: 200n, listedAt: 300n },
    position: { paid, claimed, paidAt: 100n },
    terms,
  });

describe("standingOf", () => {
  it("is nothing in any phase for who paid nothing", () => {
    for (const phase of phases) expect(standing(phase, { paid: 0n })).to.deep.equal({ is: "nothing" });
  });

  it("says until when money can be withdrawn, and that it is held from then on", () => {
    expect(standing("open", { time: 159n })).to.deep.equal({ is: "withdrawable", until: 160n });
    expect(standing("open", { time: 160n })).to.deep.equal({ is: "held" });
  });

  it("says what a closed sale waits for, and when the wait ends at the latest", () => {
    expect(standing("closed")).to.deep.equal({ is: "awaits-finalising", deadline: 9_000n });
    expect(standing("succeeded")).to.deep.equal({ is: "awaits-listing", opens: 224n, deadline: 9_000n });
  });

  it("says that money comes back from a failed sale", () => {
    expect(standing("failed")).to.deep.equal({ is: "refundable" });
  });

  it("says when the last tokens of a listed sale vest, and when all are claimed", () => {
    expect(standing("listed")).to.deep.equal({ is: "spent", claimedAll: false, vestedAt: 800n });
    expect(standing("listed", { claimed: 10n })).to.deep.equal({
      is: "spent",
      claimedAll: true,
      vestedAt: 800n,
    });
  });
});
