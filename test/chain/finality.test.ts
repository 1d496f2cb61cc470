import { expect } from "chai";
import { defaultFinality, stalledAfterSeconds } from "../../src/chain/finality.ts";

describe("a chain's finality", () => {
  for (const [chain, id, seconds] of [
    ["Ethereum", 1, 2_400],
    ["Sepolia", 11155111, 2_400],
    ["OP Mainnet", 10, 5_400],
    ["Base", 8453, 5_400],
    ["Arbitrum One", 42161, 5_400],
    ["BNB Smart Chain", 56, 120],
  ] as const) {
    it(`of ${chain} is what its consensus says, and stalls after ${String(seconds)} seconds`, () => {
      expect(defaultFinality(id)).to.deep.equal({ kind: "tag" });
      expect(stalledAfterSeconds(id)).to.equal(seconds);
    });
  }
  for (const id of [31337, 1337]) {
    it(`of local chain ${String(id)} must be given, and never stalls`, () => {
      expect(defaultFinality(id)).to.equal(undefined);
      expect(stalledAfterSeconds(id)).to.equal(undefined);
    });
  }
});
