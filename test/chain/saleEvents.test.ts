import { expect } from "chai";
import { Interface, zeroPadValue } from "ethers";
import { decodeModuleEvent, type RawLog } from "../../src/chain/saleEvents.ts";

const SALE = "0x00000000000000000000000000000000000000aa";
const WORD = `0x${"11".repeat(32)}` as const;

describe("decodeModuleEvent", () => {
  const abi = new Interface(["event ReturnedToSale(address indexed sale, uint256 tokens)"]);
  const returned = (tokens: bigint) => {
    const { topics, data } = abi.encodeEventLog("ReturnedToSale", [SALE, tokens]);
    const log = { address: SALE, topics, data, blockNumber: "0x7", blockHash: WORD, transactionHash: WORD };
    return decodeModuleEvent({ ...log, logIndex: "0x3" } as unknown as RawLog, "vesting", SALE);
  };

  it("tells what Vesting gave back, and nothing of a return of nothing, which no contract counts", () => {
    expect(returned(5n)).to.deep.include({ contract: "vesting", name: "ReturnedToSale", sale: SALE });
    expect(returned(5n)?.args["tokens"]).to.equal("5");
    expect(returned(0n)).to.equal(undefined);
  });

  it("tells nothing of what is no event of the module", () => {
    const log = { address: SALE, topics: [zeroPadValue("0x01", 32)], data: "0x", blockNumber: "0x7" };
    const more = { blockHash: WORD, transactionHash: WORD, logIndex: "0x3" };
    expect(decodeModuleEvent({ ...log, ...more } as unknown as RawLog, "vesting", SALE)).to.equal(undefined);
  });
});
