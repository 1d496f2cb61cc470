import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { seed, seededBugs } from "../../prove/mutate/threats.ts";

describe("the bugs seeded for threats", () => {
  it("each fit the contract as it is, and name a test that there is", () => {
    const tests = globSync(["test/contracts/**/*.t.sol", "test/sale/*.test.ts"])
      .map((file) => readFileSync(file, "utf8"))
      .join();
    for (const bug of seededBugs) {
      const source = readFileSync(bug.file, "utf8");
      expect(seed(source, bug)).to.not.equal(source);
      expect(tests).to.match(new RegExp(bug.test));
    }
  });
});
