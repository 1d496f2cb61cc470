import { expect } from "chai";
import { zeroAddress, zeroHash, type Address } from "viem";
import { allocationTree } from "../../src/sdk/launchFile/allocationTree.ts";
import type { Allocation } from "../../src/sdk/launchFile/Launch.ts";

const allocations = Array.from({ length: 5 }, (_, i): Allocation => ({
  label: `allocation ${String(i)}`,
  beneficiary: `0x${String(i + 1).repeat(40)}`,
  amount: 1_000n * BigInt(i + 1),
  schedule: {
    initialBps: 1_000 + i,
    cliffSeconds: 86_400n * BigInt(i),
    durationSeconds: 864_000n,
    steps: i,
  },
  revoker: i % 2 === 1 ? (`0x${"a".repeat(40)}` satisfies Address) : zeroAddress,
}));

// Known answers of StandardMerkleTree, @openzeppelin/merkle-tree 1.0.8, over the same five rows.
const root = "0xcb731b5d48e724e314796adec133aedd188bd1b2cc2a7151cf6890bf5326bb49";
const proofs = [
  [
    "0xa6616e3951254592166abd18c875bc8d15c531f3d04c7ff585a226e0db25e2b5",
    "0x06f5551b6680bdc5456f74fb9c59bc76935984098fa2edbe25a410d887b35bf0",
  ],
  [
    "0x6d5bc5a0fe6abb3ef901031f214758e4d7635cf711ac7de59b6762a43cd8f1e0",
    "0xf848438754b7190b994e8e87c42c7ce6796e3c62f57772503314ca6d524dfa76",
    "0x9be8fe644834f5aa63d51d19bb9785b07b91c265e02ce1f35ede9f132d3e26bf",
  ],
  [
    "0x8f7dc55a1cdf06b9b9f47f8375de9c2492306ff78d53582ea2eba01a845c2a54",
    "0x9be8fe644834f5aa63d51d19bb9785b07b91c265e02ce1f35ede9f132d3e26bf",
  ],
  [
    "0xb52d87cadbf7ac381741744d7dedbbb94bff411dde64b6a044f11ae2decac613",
    "0x06f5551b6680bdc5456f74fb9c59bc76935984098fa2edbe25a410d887b35bf0",
  ],
  [
    "0x41df343d92cc45ad395fbd47229dc848660f402edac9133b98d9e9ca5e3bb6c1",
    "0xf848438754b7190b994e8e87c42c7ce6796e3c62f57772503314ca6d524dfa76",
    "0x9be8fe644834f5aa63d51d19bb9785b07b91c265e02ce1f35ede9f132d3e26bf",
  ],
];

describe("allocationTree", () => {
  it("has the root and the proofs of OpenZeppelin's tree", () => {
    const tree = allocationTree(allocations);
    expect(tree.root).to.equal(root);
    expect(allocations.map((_, i) => tree.proofOf(i))).to.deep.equal(proofs);
  });

  it("of one allocation is its leaf, proved by nothing", () => {
    const tree = allocationTree(allocations.slice(0, 1));
    expect(tree.root).to.equal("0xb52d87cadbf7ac381741744d7dedbbb94bff411dde64b6a044f11ae2decac613");
    expect(tree.proofOf(0)).to.deep.equal([]);
  });

  it("of none is zero", () => {
    expect(allocationTree([]).root).to.equal(zeroHash);
  });

  it("knows no allocation beyond the last", () => {
    expect(() => allocationTree(allocations).proofOf(5)).to.throw(RangeError);
  });
});
