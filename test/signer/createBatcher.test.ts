import { expect } from "chai";
import { createBatcher } from "../../src/signer/createBatcher.ts";
import { codeOf } from "../support/signerUnderTest.ts";

describe("a batcher", () => {
  /** Turns that end when they are told to. */
  function held(options: { atOnce?: number; most?: number; longest?: number } = {}) {
    const turns: { items: number[]; end: (results: (number | Error)[]) => void }[] = [];
    const batcher = createBatcher<number, number>({
      ...options,
      run: (items) => new Promise((end) => turns.push({ items, end })),
    });
    return { turns, batcher };
  }
  const afterTurns = () => new Promise((done) => setImmediate(() => setImmediate(done)));

  it("does together what is asked for while a turn runs, and answers by position", async () => {
    const { turns, batcher } = held();
    const first = batcher(1);
    await afterTurns();
    const rest = [batcher(2), batcher(3)];
    await afterTurns();
    expect(turns.map(({ items }) => items)).to.deep.equal([[1]]);
    turns[0]?.end([10]);
    expect(await first).to.equal(10);
    await afterTurns();
    expect(turns[1]?.items).to.deep.equal([2, 3]);
    turns[1]?.end([20, 30]);
    expect(await Promise.all(rest)).to.deep.equal([20, 30]);
  });

  it("runs so many turns at once, of so many items", async () => {
    const { turns, batcher } = held({ atOnce: 2, most: 2 });
    for (let item = 1; item <= 5; item++) void batcher(item);
    await afterTurns();
    await afterTurns();
    expect(turns.map(({ items }) => items)).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
  });

  it("fails one alone for an error among the answers, all for one that is thrown, and goes on", async () => {
    const { turns, batcher } = held();
    const two = [batcher(1), batcher(2)];
    await afterTurns();
    turns[0]?.end([10, new Error("no")]);
    expect(await Promise.allSettled(two)).to.have.nested.property("[1].status", "rejected");
    expect(await two[0]).to.equal(10);

    const throwing = createBatcher<number, number>({ run: () => Promise.reject(new Error("down")) });
    const both = await Promise.allSettled([throwing(1), throwing(2)]);
    expect(both.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect((await Promise.allSettled([throwing(3)]))[0].status).to.equal("rejected");
  });

  it("fails an item that a turn forgot, but not one whose answer is undefined", async () => {
    const batcher = createBatcher<number, undefined>({ run: async () => [undefined] });
    const [answered, forgotten] = await Promise.allSettled([batcher(1), batcher(2)]);
    expect([answered.status, forgotten.status]).to.deep.equal(["fulfilled", "rejected"]);
  });

  it("refuses what its queue does not hold", async () => {
    const { batcher } = held({ longest: 2 });
    void batcher(1);
    void batcher(2);
    expect(await codeOf(batcher(3))).to.equal("busy");
  });
});
