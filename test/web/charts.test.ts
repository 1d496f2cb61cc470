import { expect } from "chai";
import { stacked } from "../../src/web/charts/stacked.ts";
import { vestingSeries } from "../../src/web/charts/vestingSeries.ts";

describe("stacked", () => {
  it("lays each layer on the sum of those before it, from nothing on", () => {
    expect(stacked([[1, 2], [10, 0.5], []], 2)).to.deep.equal([[0, 0], [1, 2], [11, 2.5], [11, 2.5]]); // prettier-ignore
    expect(stacked([], 2)).to.deep.equal([[0, 0]]);
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
