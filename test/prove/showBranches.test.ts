import { expect } from "chai";
import { showBranches } from "../../prove/coverage/showBranches.ts";
import { treeOf } from "./treeOf.ts";

const source = `// ── SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;
contract C {
    error E();
    function f(uint256 a, bool c) public pure returns (uint256 x) {
        if (a == 0) revert E();
        if (a == 1) x = 1;
        else if (a == 2) {
            x = 2;
        } else x = 3;
        x = c ? a : x;
        return x;
    }
}
`;

describe("branches shown as lines", () => {
  const { text, branches, originOf } = showBranches(source, treeOf(source));

  it("are both ways of every if and every ?:, in a program that compiles", () => {
    treeOf(text);
    expect([...branches.values()]).to.have.deep.members([
      { line: 6, what: "a == 0 is true" },
      { line: 6, what: "a == 0 is false" },
      { line: 7, what: "a == 1 is true" },
      { line: 7, what: "a == 1 is false" },
      { line: 8, what: "a == 2 is true" },
      { line: 8, what: "a == 2 is false" },
      { line: 11, what: "c is true" },
      { line: 11, what: "c is false" },
    ]);
  });

  it("leave the other lines where they can be found", () => {
    const original = source.split("\n");
    for (const statement of ["revert E();", "x = 1;", "x = 2;", "x = 3;", "return x;"]) {
      const line = text.split("\n").findIndex((each) => each.includes(statement)) + 1;
      expect(original[originOf(line) - 1]).to.include(statement);
    }
  });
});
