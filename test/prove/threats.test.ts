import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { seed, seededBugs } from "../../prove/mutate/threats.ts";

const read = (file: string) => readFileSync(file, "utf8");
const testsOfContracts = () =>
  globSync(["test/contracts/**/*.t.sol", "test/sale/*.test.ts"]).map(read).join();

describe("the bugs seeded for threats", () => {
  it("each fit the contract as it is, and name a test that there is", () => {
    const tests = testsOfContracts();
    for (const bug of seededBugs) {
      const source = read(bug.file);
      expect(seed(source, bug)).to.not.equal(source);
      expect(tests).to.match(new RegExp(bug.test));
    }
  });

  it("are those of the table in docs/testing.md", () => {
    const [, table = ""] = read("docs/testing.md").split(/^## Threats with a named test$|^## The other/m);
    const told = [...table.matchAll(/^\| (R?\d+(?:, R?\d+)*) /gm)].flatMap(([, ids = ""]) => ids.split(", "));
    // R1 is met off chain, by programs.
    const seeded = ["R1", ...seededBugs.flatMap(({ threat }) => threat.split(", "))];
    expect(told.sort()).to.deep.equal([...new Set(seeded)].sort());
  });
});

describe("the other threats", () => {
  it("have the tests that docs/testing.md names", () => {
    const [, table = ""] = read("docs/testing.md").split(/^## The other threats .*$|^## Attacks by/m);
    const tests = testsOfContracts();
    const answers = table.split("\n").map((line) => line.split("|")[2] ?? "");
    const named = answers.flatMap((answer) => answer.match(/\b(?:T|R|ThreatR?)\d+\b/g) ?? []);
    expect(named.length).to.be.greaterThan(30);
    for (const name of named) expect(tests).to.match(new RegExp(`[_"]${name}[_ ]`), name);
  });
});
