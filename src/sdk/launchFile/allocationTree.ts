import { concat, encodeAbiParameters, keccak256, zeroHash, type Hex } from "viem";
import type { Allocation } from "./Launch.ts";

/** `IVesting.Allocation`: what a claim shows. */
export type AllocationLeaf = Omit<Allocation, "label"> & { index: bigint };

const leafParameters = [
  { type: "uint256" },
  { type: "address" },
  { type: "uint256" },
  {
    type: "tuple",
    components: [
      { name: "initialBps", type: "uint16" },
      { name: "cliffSeconds", type: "uint64" },
      { name: "durationSeconds", type: "uint64" },
      { name: "steps", type: "uint32" },
    ],
  },
  { type: "address" },
] as const;

/**
 * Merkle tree over allocations, its leaves hashed twice and sorted, as OpenZeppelin's StandardMerkleTree and
 * `MerkleProof` have it. Without allocations the root is zero.
 */
export function allocationTree(allocations: readonly Allocation[]): {
  root: Hex;
  leafOf: (index: number) => AllocationLeaf;
  proofOf: (index: number) => Hex[];
} {
  const hashes = allocations.map((_, index) => leafHash(leafOf(index)));
  const sorted = [...hashes].sort();
  const count = sorted.length;
  // The root is at 0, the children of i at 2i + 1 and 2i + 2, the leaves at the end, backwards.
  const tree: Hex[] = Array.from({ length: Math.max(0, 2 * count - 1) }, () => zeroHash);
  sorted.forEach((hash, i) => (tree[tree.length - 1 - i] = hash));
  for (let i = count - 2; i >= 0; i--) tree[i] = pairHash(nodeAt(2 * i + 1), nodeAt(2 * i + 2));

  function leafOf(index: number): AllocationLeaf {
    const allocation = allocations[index];
    if (allocation === undefined) throw new RangeError(`No allocation ${String(index)}`);
    const { beneficiary, amount, schedule, revoker } = allocation;
    return { index: BigInt(index), beneficiary, amount, schedule, revoker };
  }

  function nodeAt(i: number): Hex {
    const node = tree[i];
    if (node === undefined) throw new RangeError(`No node ${String(i)}`);
    return node;
  }

  return {
    root: tree[0] ?? zeroHash,
    leafOf,
    proofOf: (index) => {
      const proof: Hex[] = [];
      for (let i = tree.indexOf(leafHash(leafOf(index))); i > 0; i = (i - 1) >> 1) {
        proof.push(nodeAt(i % 2 === 0 ? i - 1 : i + 1));
      }
      return proof;
    },
  };
}

function leafHash({ index, beneficiary, amount, schedule, revoker }: AllocationLeaf): Hex {
  return keccak256(
    keccak256(encodeAbiParameters(leafParameters, [index, beneficiary, amount, schedule, revoker])),
  );
}

function pairHash(a: Hex, b: Hex): Hex {
  return keccak256(a < b ? concat([a, b]) : concat([b, a]));
}
