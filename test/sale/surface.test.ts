import { expect } from "chai";
import { FunctionFragment, getBytes, Interface, type InterfaceAbi } from "ethers";
import hre from "hardhat";

type Artifact = { abi: InterfaceAbi; deployedBytecode: string };

const names = ["Sale", "Vesting", "VenueV2", "VenueV3", "VenueV4", "PoolOpener"] as const;

function changing({ abi }: Artifact): FunctionFragment[] {
  return new Interface(abi).fragments.filter(
    (fragment): fragment is FunctionFragment => FunctionFragment.isFragment(fragment) && !fragment.constant,
  );
}

/** The opcodes of a runtime, without what PUSH carries and the metadata behind the last INVALID. */
function opcodesOf({ deployedBytecode }: Artifact): Set<number> {
  const code = getBytes(deployedBytecode);
  const metadata = code.at(-2)! * 256 + code.at(-1)! + 2;
  const opcodes = new Set<number>();
  for (let at = 0; at < code.length - metadata; at++) {
    const opcode = code[at]!;
    opcodes.add(opcode);
    if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f;
  }
  return opcodes;
}

describe("what can be called", () => {
  const contracts = {} as Record<(typeof names)[number], Artifact>;
  before(async () => {
    for (const name of names) contracts[name] = await hre.artifacts.readArtifact(name);
  });

  it("Threat 62 no function of a sale sets a term", () => {
    const buyers = ["purchase", "purchaseWithAuthorization", "purchaseWithPermit", "withdraw"];
    const anybody = ["claim", "finalise", "fund", "list", "listWithSalt", "refund"];
    const credits = ["releaseEjected", "releaseFee", "releaseTreasury", "releaseUnsold"];
    const owner = [
      "acceptOwnership",
      "addSigner",
      "renounceOwnership",
      "strikeOffSigner",
      "transferOwnership",
    ];
    const others = ["declareFailed", "eject", "invalidate", "pause"];
    expect(
      changing(contracts.Sale)
        .map(({ name }) => name)
        .sort(),
    ).to.deep.equal([...buyers, ...anybody, ...credits, ...owner, ...others].sort());
  });

  it("Threat 18 one function alone takes ETH, and nothing calls several at once", () => {
    const payable = changing(contracts.Sale).filter((fragment) => fragment.payable);
    expect(payable.map(({ name }) => name)).to.deep.equal(["purchase"]);
  });

  it("Threat 61 nobody has a contract call what he writes: the only free bytes are a signature", () => {
    const free = Object.values(contracts)
      .flatMap(changing)
      // What Uniswap calls back with is the venue's own; anybody else is refused.
      .filter(({ name }) => !/Callback$/.test(name))
      .flatMap(({ inputs }) => inputs.filter(({ type }) => type === "bytes"));
    expect([...new Set(free.map(({ name }) => name))]).to.deep.equal(["signature"]);
  });

  it("T88 T91 T100 a venue lists, hands over and collects, and does nothing else with a position", () => {
    const functionsOf = (name: keyof typeof contracts) =>
      changing(contracts[name])
        .map((fragment) => fragment.name)
        .sort();
    expect(functionsOf("VenueV2")).to.deep.equal(["list", "release"]);
    expect(functionsOf("VenueV3")).to.deep.equal([
      "bear",
      "collectFees",
      "list",
      "release",
      "uniswapV3MintCallback",
    ]);
    expect(functionsOf("VenueV4")).to.deep.equal(["collectFees", "list", "release", "unlockCallback"]);
    expect(functionsOf("PoolOpener")).to.deep.equal(["open"]);
  });

  for (const name of names) {
    it(`Threat 66 ${name} runs no foreign code, makes no proxy and cannot vanish`, () => {
      const opcodes = opcodesOf(contracts[name]);
      const CALLCODE = 0xf2;
      const DELEGATECALL = 0xf4;
      const SELFDESTRUCT = 0xff;
      expect([CALLCODE, DELEGATECALL, SELFDESTRUCT].filter((opcode) => opcodes.has(opcode))).to.deep.equal(
        [],
      );
    });
  }
});
