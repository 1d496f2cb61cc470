import { expect } from "chai";
import { raisedOver } from "../../src/web/charts/raisedOver.ts";
import { stacked } from "../../src/web/charts/stacked.ts";
import { vestingSeries } from "../../src/web/charts/vestingSeries.ts";

describe("stacked", () => {
  it("lays each layer on the sum of those before it, from nothing on", () => {
    expect(stacked([[1, 2], [10, 0.5], []], 2)).to.deep.equal([[0, 0], [1, 2], [11, 2.5], [11, 2.5]]); // prettier-ignore
    expect(stacked([], 2)).to.deep.equal([[0, 0]]);
  });
});

describe("raisedOver", () => {
  const entry = (kind: "purchase" | "withdraw" | "invalidate" | "eject", amount: string, time: number) => ({
    ...{ kind, amount, block: { time } },
  });

  it("adds the history up: what withdraws and is ejected goes out, a block counts once", () => {
    const entries = [
      entry("purchase", "100", 10),
      entry("purchase", "50", 10),
      entry("invalidate", "0", 12),
      entry("withdraw", "100", 20),
      entry("eject", "30", 30),
    ];
    expect(raisedOver(entries)).to.deep.equal([
      { time: 10, raised: 150n },
      { time: 12, raised: 150n },
      { time: 20, raised: 50n },
      { time: 30, raised: 20n },
    ]);
    expect(raisedOver([])).to.deep.equal([]);
  });

  it("keeps amounts that no number holds", () => {
    const most = "340282366920938463463374607431768211455";
    expect(raisedOver([entry("purchase", most, 1)])).to.deep.equal([{ time: 1, raised: BigInt(most) }]);
  });
});

describe("vestingSeries", () => {
  const schedule = { initialBps: 0, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 };

  it("has a jump as the second before it and its own, for every group at every moment", () => {
    const groups = [
      { amount: 100n, schedule: { ...schedule, initialBps: 2_000, durationSeconds: 40n, steps: 2 } },
      { amount: 60n, schedule: { ...schedule, cliffSeconds: 30n, durationSeconds: 60n } },
    ];
    const { elapsed, released } = vestingSeries(groups);
    expect(elapsed).to.deep.equal([0n, 19n, 20n, 29n, 30n, 39n, 40n, 59n, 60n]);
    expect(released).to.deep.equal([
      [20n, 20n, 60n, 60n, 60n, 60n, 100n, 100n, 100n],
      [0n, 0n, 0n, 0n, 30n, 39n, 40n, 59n, 60n],
    ]);
  });

  it("is drawn by few moments, however many steps there are", () => {
    const many = { ...schedule, durationSeconds: 100_000n, steps: 50_000 };
    expect(vestingSeries([{ amount: 1n, schedule: many }]).elapsed.length).to.be.below(300);
  });

  it("has the listing alone where all is free there", () => {
    expect(vestingSeries([{ amount: 5n, schedule }])).to.deep.equal({ elapsed: [0n], released: [[5n]] });
  });
});
