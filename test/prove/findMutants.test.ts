import { expect } from "chai";
import { findMutants } from "../../prove/mutate/findMutants.ts";
import { treeOf } from "./treeOf.ts";

function mutantsOf(body: string, outside = ""): string[] {
  const source = `// ── SPDX-License-Identifier: MIT\npragma solidity ^0.8.34;\ncontract C {\n${outside}\nfunction f(uint256 a, uint256 b) public {\n${body}\n}\n}\n`;
  const bytes = Buffer.from(source);
  return findMutants("C.sol", source, treeOf(source)).map(({ kind, start, end, from, to }) => {
    const mutated = Buffer.concat([
      bytes.subarray(0, start),
      Buffer.from(to),
      bytes.subarray(end),
    ]).toString();
    treeOf(mutated);
    return `${kind}: ${from} → ${to}`;
  });
}

describe("mutants", () => {
  it("move boundaries, and drop or force what is conditional", () => {
    expect(mutantsOf("if (a < b) revert();")).to.deep.equal([
      "statement: if (a < b) revert(); → {}",
      "condition: a < b → true",
      "boundary: < → <=",
      "statement: revert(); → {}",
    ]);
    expect(mutantsOf("if (a >= b) { x = a; } else x = b;", "uint256 x;")).to.deep.equal([
      "condition: a >= b → false",
      "condition: a >= b → true",
      "boundary: >= → >",
      "statement: x = b; → {}",
      "statement: x = a; → {}",
    ]);
    expect(mutantsOf("x = a == 0 ? a : b;", "uint256 x;")).to.include.members([
      "condition: a == 0 → true",
      "condition: a == 0 → false",
      "operator: == → !=",
      "number: 0 → 1",
    ]);
  });

  it("swap arguments of one type, and drop what is hashed", () => {
    expect(mutantsOf("x = keccak256(abi.encode(a, b));", "bytes32 x;")).to.deep.equal([
      "statement: x = keccak256(abi.encode(a, b)); → {}",
      "arguments: a, b → b, a",
      "field: a,  → ",
      "field: , b → ",
    ]);
  });

  it("empty fields of a struct", () => {
    expect(
      mutantsOf("s = S(a, msg.sender, true);", "struct S { uint256 n; address w; bool z; } S s;"),
    ).to.include.members(["field: a → uint256(0)", "field: msg.sender → address(0)", "field: true → false"]);
  });

  it("remove modifiers, events and steps of a sum", () => {
    expect(
      mutantsOf(
        "emit E(a); x += a;",
        "event E(uint256 a); uint256 x; modifier m() { _; } function g() public m {}",
      ),
    ).to.deep.equal([
      "modifier: m → ",
      "statement: emit E(a); → {}",
      "statement: x += a; → {}",
      "operator: += → -=",
    ]);
  });
});
