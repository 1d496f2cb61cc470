import { expect } from "chai";
import { toHex, type Hex } from "viem";
import { fastHistoryNext } from "../../src/chain/fastHistory.ts";
import { historyKinds, historyNext, type HistoryEntry } from "../../src/sdk/history.ts";
import { seededRandom } from "../support/seededRandom.ts";

describe("the fast history", () => {
  const random = seededRandom(11);
  const bytes = (size: number): Hex =>
    toHex(Uint8Array.from({ length: size }, () => Math.floor(256 * random())));

  it("is the history, whatever the entry and the one before it", () => {
    let fast: Hex = `0x${"5a".repeat(19)}`;
    let slow = fast;
    for (let round = 0; round < 500; round++) {
      const entry: HistoryEntry = {
        kind: historyKinds[Math.floor(historyKinds.length * random())] ?? "purchase",
        buyer: bytes(20),
        nonce: BigInt(bytes(4)),
        amount: BigInt(bytes(1 + Math.floor(12 * random()))),
        orderId: bytes(32),
      };
      [fast, slow] = [fastHistoryNext(fast, entry), historyNext(slow, entry)];
      expect(fast).to.equal(slow);
    }
  });
});
