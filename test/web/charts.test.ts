import { expect } from "chai";
import { raisedOver } from "../../src/web/charts/raisedOver.ts";
import { areaPath, linePath, scale, ticksTo } from "../../src/web/charts/scale.ts";
import { vestingSeries } from "../../src/web/charts/vestingSeries.ts";

describe("scale", () => {
  it("lays a domain on a range, also upside down, and a domain of one value at the start", () => {
    const y = scale([0, 50], [200, 0]);
    expect([y(0), y(25), y(50)]).to.deep.equal([200, 100, 0]);
    expect(scale([7, 7], [3, 9])(7)).to.equal(3);
  });
});

describe("ticksTo", () => {
  it("has round steps that cover the most", () => {
    expect(ticksTo(250_000, 3)).to.deep.equal([0, 100_000, 200_000, 300_000]);
    expect(ticksTo(0.07, 3)).to.deep.equal([0, 0.05, 0.1]);
    expect(ticksTo(3, 3)).to.deep.equal([0, 1, 2, 3]);
  });

  it("has zero alone where there is nothing to show", () => {
    for (const nothing of [0, -1, Number.NaN]) expect(ticksTo(nothing, 3)).to.deep.equal([0]);
  });
});

describe("paths", () => {
  it("go through their points, and close an area along the line below", () => {
    expect(linePath([[0, 1], [2.005, 3.3333]])).to.equal("M0,1L2.01,3.33"); // prettier-ignore
    expect(areaPath([[0, 1], [2, 1]], [[0, 5], [2, 4]])).to.equal("M0,1L2,1L2,4L0,5Z"); // prettier-ignore
    expect(areaPath([], [])).to.equal("");
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
