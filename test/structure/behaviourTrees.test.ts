import { expect } from "chai";
import { fileURLToPath } from "node:url";
import { problemsOfTree, treeProblems } from "../../scripts/check/behaviourTrees.ts";

const source = `
contract BuyTest is SaleFixture {
    function test_T1_refuses_zero() public {
    }

    function testFuzz_pays(uint256 amount) public {
    }
}

contract OtherTest is SaleFixture {
    function test_else() public {}
}
`;

describe("behaviour trees", () => {
  it("have a test for every leaf, and a leaf for every test", () => {
    expect(treeProblems(fileURLToPath(new URL("../contracts", import.meta.url)))).to.deep.equal([]);
  });

  const cases: [what: string, tree: string, problems: string[]][] = [
    ["agree", "BuyTest\n├── given zero\n│   └── it refuses zero\n└── it pays\n", []],
    [
      "a leaf without a test",
      "BuyTest\n├── it refuses zero\n├── it pays\n└── it wins",
      ["it wins: no such test"],
    ],
    ["a test without a leaf", "BuyTest\n└── it refuses zero", ["it pays: not in the tree"]],
    ["a leaf twice", "BuyTest\n├── it pays\n├── it pays\n└── it refuses zero", ["it pays: twice"]],
    [
      "a branch without a leaf",
      "BuyTest\n├── given x\n├── it pays\n└── it refuses zero",
      ["given x: nothing follows from it"],
    ],
    [
      "another word",
      "BuyTest\n├── it pays\n├── it refuses zero\n└── then x",
      ["then x: neither given, when nor it"],
    ],
    ["no such contract", "SellTest\n└── it pays", ["no test contract is called SellTest"]],
  ];
  for (const [what, tree, problems] of cases) {
    it(`are compared: ${what}`, () => {
      expect(problemsOfTree(tree, [source])).to.deep.equal(problems);
    });
  }
});
