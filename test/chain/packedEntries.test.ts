import { expect } from "chai";
import { Interface } from "ethers";
import { toHex, zeroHash, type Hex } from "viem";
import { amountOf, createPacker, hexAt, kindOf, nonceOf, numberAt } from "../../src/chain/packedEntries.ts";
import { replayPacked } from "../../src/chain/replayPacked.ts";
import type { RawLog } from "../../src/chain/saleEvents.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { historyKinds, historyNext, type HistoryEntry } from "../../src/sdk/history.ts";
import { moneyOf } from "../../src/sdk/replay.ts";
import { seededRandom } from "../support/seededRandom.ts";

const abi = new Interface(saleAbi);
const START: Hex = `0x${"5a".repeat(19)}`;

describe("packed entries", () => {
  const random = seededRandom(11);
  const bytes = (size: number): Hex =>
    toHex(Uint8Array.from({ length: size }, () => Math.floor(256 * random())));

  /** Of chance but for its kind; the history is the one of `historyNext`. */
  function someEntry(before: Hex): { entry: HistoryEntry; history: Hex } {
    const kind = historyKinds[Math.floor(historyKinds.length * random())] ?? "purchase";
    const entry: HistoryEntry = {
      ...{ kind, buyer: bytes(20), nonce: BigInt(bytes(4)) },
      amount: kind === "invalidate" ? 0n : BigInt(bytes(1 + Math.floor(12 * random()))),
      orderId: kind === "purchase" ? bytes(32) : zeroHash,
    };
    return { entry, history: historyNext(before, entry) };
  }

  /** As ethers encodes it. */
  function logOf({ kind, buyer, nonce, amount, orderId }: HistoryEntry, history: Hex): RawLog {
    const [name, args] = {
      purchase: ["Purchased", [buyer, orderId, nonce, amount, history]],
      withdraw: ["Withdrawn", [buyer, nonce, amount, history]],
      invalidate: ["Invalidated", [buyer, nonce, history]],
      eject: ["Ejected", [buyer, nonce, amount, history]],
    }[kind] as [string, unknown[]];
    const { topics, data } = abi.encodeEventLog(name, args);
    return {
      ...{ address: `0x${"12".repeat(20)}`, topics: topics as Hex[], data: data as Hex },
      ...{ blockNumber: "0x7", blockHash: bytes(32), transactionHash: bytes(32), logIndex: "0x3" },
    };
  }

  it("hold what the events say, and replay to the history of each", () => {
    const packer = createPacker();
    const all = [];
    let [history, raised] = [START, 0n];
    for (let round = 0; round < 300; round++) {
      const next = someEntry(history);
      const log = logOf(next.entry, next.history);
      all.push({ ...next, log });
      expect(packer.add(log, 1_000 + round, 2_000 + round)).to.equal(true);
      [history, raised] = [next.history, raised + moneyOf(next.entry)];
    }

    const packed = packer.done();
    expect(packed.count).to.equal(300);
    for (const [index, { entry, log, history: after }] of all.entries()) {
      expect({
        ...{ kind: kindOf(packed, index), buyer: hexAt(packed, index, "buyer") },
        ...{ nonce: nonceOf(packed, index), amount: amountOf(packed, index) },
        orderId: hexAt(packed, index, "orderId"),
      }).to.deep.equal(entry);
      expect(hexAt(packed, index, "history")).to.equal(after);
      expect(hexAt(packed, index, "blockHash")).to.equal(log.blockHash);
      expect(hexAt(packed, index, "transaction")).to.equal(log.transactionHash);
      const places = [numberAt(packed, index, "block"), numberAt(packed, index, "time")];
      expect(places).to.deep.equal([1_000 + index, 2_000 + index]);
    }
    expect(replayPacked({ sequence: 5, history: START, raised: 0n }, packed)).to.deep.equal({
      ok: true,
      after: { sequence: 305, history, raised },
    });
  });

  it("end their replay at the first whose history is another", () => {
    const packer = createPacker();
    const first = someEntry(START);
    const second = someEntry(first.history);
    const third = someEntry(second.history);
    packer.add(logOf(first.entry, first.history), 1, 1);
    packer.add(logOf(second.entry, `0x${"77".repeat(19)}`), 1, 1);
    packer.add(logOf(third.entry, third.history), 1, 1);
    expect(replayPacked({ sequence: 0, history: START, raised: 0n }, packer.done())).to.deep.equal({
      ...{ ok: false, index: 1, sequence: 2, got: second.history },
    });
  });

  const { entry, history } = {
    entry: { kind: "withdraw", buyer: `0x${"34".repeat(20)}`, nonce: 1n, amount: 2n, orderId: zeroHash },
    history: `0x${"56".repeat(19)}`,
  } as const;
  const ones = "ff".repeat(32);
  const unsound: [string, (log: RawLog) => Partial<RawLog>][] = [
    ["a nonce that no buyer can have", ({ data }) => ({ data: `0x${ones}${data.slice(66)}` })],
    [
      "an amount that no sale can take",
      ({ data }) => ({ data: `0x${data.slice(2, 66)}${ones}${data.slice(130)}` }),
    ],
    ["a history that is too long", ({ data }) => ({ data: `0x${data.slice(2, 130)}${ones}` })],
    ["a buyer that is no address", ({ topics }) => ({ topics: [topics[0] ?? "0x", `0x${ones}`] })],
    ["a word too few", ({ data }) => ({ data: data.slice(0, -64) as Hex })],
    ["a word too many", ({ data }) => ({ data: `${data}${ones}` })],
    ["data that is not hex", ({ data }) => ({ data: `${data.slice(0, -2)}zz` as Hex })],
    ["no prefix", ({ data }) => ({ data: `00${data.slice(2)}` as Hex })],
    ["a topic too many", ({ topics }) => ({ topics: [...topics, zeroHash] })],
    ["a block hash that is short", () => ({ blockHash: "0x12" })],
    ["a transaction hash that is short", () => ({ transactionHash: "0x12" })],
  ];
  for (const [what, change] of unsound) {
    it(`refuse ${what}`, () => {
      const log = logOf(entry, history);
      expect(createPacker().add(log, 1, 1)).to.equal(true);
      expect(createPacker().add({ ...log, ...change(log) }, 1, 1)).to.equal(false);
    });
  }
});
