import { readFileSync } from "node:fs";
import { expect } from "chai";
import { createReasons } from "../../prove/invariants/createReasons.ts";
import { emptyTally, tally } from "../../prove/invariants/tally.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { vestingAbi } from "../../src/sdk/abi/Vesting.ts";

const matrix = readFileSync(new URL("../contracts/invariant/Matrix.sol", import.meta.url), "utf8");

describe("invariants", () => {
  it("draws every function of Sale and Vesting that changes something", () => {
    const actions = /NAMES =\s*"([^"]*) "/.exec(matrix)![1]!.split(" ");
    const functions = [...saleAbi, ...vestingAbi].flatMap((item) =>
      item.type === "function" && item.stateMutability !== "view" && item.stateMutability !== "pure"
        ? [item.name]
        : [],
    );
    // One action draws either.
    const drawn = functions.filter((name) => name !== "listWithSalt");
    expect(actions.filter((name) => !name.startsWith("("))).to.have.members(drawn);
  });

  it("adds up what campaigns count", () => {
    const total = emptyTally();
    const lines = ["cell claim Listed allowed 2 3 1", "error claim 0x12345678 3", "calls 5", "another line"];
    tally(total, lines);
    tally(total, [...lines, "violation 0x01 0x02"]);

    expect(total).to.deep.equal({
      calls: 10,
      cells: [{ action: "claim", phase: "Listed", allowed: true, passed: 4, refused: 6, forbidden: 2 }],
      errors: [{ action: "claim", error: "0x12345678", count: 6 }],
      failures: [{ episode: "0x01", why: "0x02" }],
    });
  });

  it("puts revert data into words, errors within errors too", () => {
    const reasonOf = createReasons();
    expect(reasonOf("0x00000000")).to.equal("(no data)");
    expect(reasonOf("0xdeadbeef")).to.equal("0xdeadbeef");
    expect(reasonOf("0x12981bf7")).to.equal("Sale_SoldOut");
    const word = (digits: string) => digits.padStart(64, "0");
    const failed = `0x173adf84${word("7")}${word("40")}${word("4")}${"12981bf7".padEnd(64, "0")}`;
    expect(reasonOf(failed)).to.equal("Failed(7, Sale_SoldOut)");
  });
});
