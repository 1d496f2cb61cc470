import { createRequire } from "node:module";
import { expect } from "chai";
import hre from "hardhat";
import { findMutants, type Mutant } from "../../prove/mutate/findMutants.ts";
import { groups, switchedSource, turnOn } from "../../prove/mutate/switched.ts";
import { treeOf } from "./treeOf.ts";

const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };

const source = `// ── SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;
contract C {
    error E(uint256 a);
    uint256 private x = 7;
    function f(uint256 a, uint256 b) public returns (bytes memory) {
        if (a < b) revert E(a + 1);
        x += a;
        uint256 m = a - b == 0 ? 16 * 4 : b;
        assembly ("memory-safe") { m := mul(m, 0x10) if gt(m, 40) { mstore(0, m) m := mload(0) } }
        return abi.encode(g(a, m), x);
    }
    function g(uint256 a, uint256 m) private pure returns (uint256) { return a * 1000 + m; }
}
`;

const mutants = findMutants("C.sol", source, treeOf(source));

describe("mutants behind switches", () => {
  it("do what each does alone, and nothing while none is on", async () => {
    const { ethers } = await hre.network.create();
    const [sender] = await ethers.getSigners();
    async function answers(code: string): Promise<string[]> {
      const { contractAddress } = (await (await sender!.sendTransaction({ data: code })).wait())!;
      return Promise.all(
        [
          [2n, 1n],
          [5n, 5n],
          [3n, 4n],
        ].map(async (args) => {
          const data = ethers.Interface.from(["function f(uint256, uint256)"]).encodeFunctionData("f", args);
          const call = { to: contractAddress!, data };
          return ethers.provider.call(call).catch(({ data }: { data?: string }) => `refused ${data}`);
        }),
      );
    }

    const found = groups(mutants, 80);
    expect(found.flat().length).to.equal(mutants.length);
    const shared = found.filter((group) => group.length > 1);
    expect(shared.flat().length).to.be.greaterThan(mutants.length / 2);
    for (const group of shared.slice(0, 2)) {
      const code = compile(switchedSource(source, group).source);
      expect(await answers(turnOn(code, 0))).to.deep.equal(await answers(compile(source)));
      for (const [index, mutant] of group.entries()) {
        const alone = await answers(compile(changed(mutant)));
        expect(await answers(turnOn(code, index + 1)), `${mutant.from} → ${mutant.to}`).to.deep.equal(alone);
      }
    }
  });

  it("share no text, and where that cannot be are alone", () => {
    for (const group of groups(mutants, 3)) {
      expect(group.length).to.be.within(1, 3);
      const pieces = group.flatMap((mutant) => mutant.pieces ?? []).sort((a, b) => a.start - b.start);
      pieces.slice(1).forEach((piece, index) => expect(piece.start).to.be.at.least(pieces[index]!.end));
    }
  });
});

function changed({ start, end, to }: Mutant): string {
  const bytes = Buffer.from(source);
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(to), bytes.subarray(end)]).toString();
}

function compile(content: string): string {
  const { contracts, errors } = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { C: { content } },
        settings: {
          optimizer: { enabled: true },
          outputSelection: { C: { C: ["evm.bytecode.object"] } },
        },
      }),
    ),
  ) as {
    contracts?: { C: { C: { evm: { bytecode: { object: string } } } } };
    errors?: { formattedMessage: string }[];
  };
  if (contracts === undefined) throw new Error(errors?.[0]?.formattedMessage);
  return `0x${contracts.C.C.evm.bytecode.object}`;
}
