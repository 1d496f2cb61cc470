import { expect } from "chai";
import { encodeAbiParameters, encodeEventTopics, getAddress, numberToHex, zeroHash, type Hex } from "viem";
import type { RpcPool } from "../../src/chain/rpcPool.ts";
import type { RpcCall, RpcSource } from "../../src/chain/rpcSource.ts";
import { readEvents, type EventRange } from "../../src/reconcile/readEvents.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";

const sale = getAddress("0x00000000000000000000000000000000000000aa");

/** A withdrawal in each block, as a node would send it. */
function logAt(block: number, change: object = {}): object {
  const history: Hex = `0x${numberToHex(block, { size: 19 }).slice(2)}${"00".repeat(13)}`;
  return {
    address: sale,
    topics: encodeEventTopics({ abi: saleAbi, eventName: "Withdrawn", args: { buyer: sale } }),
    data: encodeAbiParameters(
      [{ type: "uint256" }, { type: "uint256" }, { type: "bytes32" }],
      [0n, 1n, history],
    ),
    ...{ blockNumber: numberToHex(block), blockHash: zeroHash, transactionHash: zeroHash, logIndex: "0x0" },
    ...change,
  };
}

/** A node that refuses more than `most` blocks at once. */
function poolOf(most: number, extra: readonly object[] = []): { pool: RpcPool; source: RpcSource } {
  const source: RpcSource = {
    name: "node",
    hungAt: undefined,
    send: () => Promise.reject(new Error("asked past the pool")),
  };
  const ask = (_: RpcSource, [call]: readonly RpcCall[]) => {
    const [{ fromBlock, toBlock }] = call?.params as [{ fromBlock: Hex; toBlock: Hex }];
    const [from, to] = [Number(fromBlock), Number(toBlock)];
    if (to - from + 1 > most) {
      return Promise.resolve([
        { ok: false as const, error: { code: -32000, message: "block range too large" } },
      ]);
    }
    const logs = Array.from({ length: to - from + 1 }, (_unused, index) => logAt(from + index));
    return Promise.resolve([{ ok: true as const, result: [...logs, ...extra] }]);
  };
  return { source, pool: { ask, sources: [source] } as unknown as RpcPool };
}

async function all(range: Parameters<typeof readEvents>[0]): Promise<EventRange[]> {
  const ranges: EventRange[] = [];
  for await (const one of readEvents(range)) ranges.push(one);
  return ranges;
}

describe("reconcile: events", () => {
  for (const most of [1, 7, 700, 1_000_000]) {
    it(`cover every block once from a node that takes ${String(most)} at once`, async () => {
      const ranges = await all({ ...poolOf(most), sale, from: 3, to: most === 1 ? 40 : 9_000 });
      const blocks = ranges.flatMap(({ events }) => events.map(({ block }) => block.number));
      const last = most === 1 ? 40 : 9_000;
      expect(blocks).to.deep.equal(Array.from({ length: last - 2 }, (_, index) => index + 3));
      expect(ranges.map(({ from }) => from)).to.deep.equal([
        3,
        ...ranges.slice(0, -1).map(({ to }) => to + 1),
      ]);
      expect(ranges.at(-1)?.to).to.equal(last);
    });
  }

  it("come in smaller ranges where there are many", async () => {
    const ranges = await all({ ...poolOf(1_000_000), sale, from: 0, to: 30_000 });
    const sizes = ranges.map(({ events }) => events.length);
    expect(Math.max(...sizes)).to.equal(4_000);
    expect(sizes.slice(2, 4)).to.deep.equal([2_000, 4_000]);
  });

  it("leave out what is of another contract, or no longer on the chain", async () => {
    const foreign = logAt(5, { address: getAddress("0x00000000000000000000000000000000000000bb") });
    const removed = logAt(5, { removed: true });
    const [range] = await all({ ...poolOf(10, [foreign, removed]), sale, from: 5, to: 5 });
    expect(range?.events).to.have.lengthOf(1);
  });

  it("end with the node's word where it refuses one block", async () => {
    const attempt = all({ ...poolOf(0), sale, from: 5, to: 9 });
    const code = await attempt.catch((error: unknown) => (error as { code: string }).code);
    expect(code).to.equal("rpc-refused");
  });
});
