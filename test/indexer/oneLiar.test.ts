import { expect } from "chai";
import { pad, toEventSelector, toFunctionSelector, toHex, type Address, type Hex } from "viem";
import { replayEntry } from "../../src/sdk/replay.ts";
import { expectTruth } from "../support/expectTruth.ts";
import { randomHash, startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { FINALITY_DEPTH, indexerUnderTest } from "../support/indexerUnderTest.ts";
import { startRpcProxy, type RpcProxy } from "../support/indexerRpcProxy.ts";
import { slipwayCodeOf } from "../support/slipwayCodeOf.ts";
import { indexerError } from "../../src/sdk/indexerErrors.ts";

type Change = NonNullable<RpcProxy["change"]>;
type Log = { blockNumber: Hex; blockHash: Hex; data: Hex };
type Indexer = Awaited<ReturnType<typeof indexerUnderTest>>;

const BUYER_MONEY = 10n ** 12n;

describe("indexer: one node among several that lies", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let [liar, honest]: RpcProxy[] = [];
  const open: Indexer[] = [];

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    for (const buyer of chain.buyers.slice(0, 2)) {
      await sale.fund(buyer, BUYER_MONEY);
      for (let round = 1n; round <= 3n; round++) await sale.purchase(buyer, round * 10n ** 6n);
    }
  });
  beforeEach(async () => {
    [liar, honest] = [await startRpcProxy(chain.url), await startRpcProxy(chain.url)];
  });
  afterEach(async () => {
    for (const indexer of open.splice(0)) await indexer.close();
    await liar?.close();
    await honest?.close();
  });
  after(() => chain.close());

  async function indexing(urls: readonly string[]): Promise<Indexer> {
    const indexer = await indexerUnderTest({ urls, records: [sale.record], range: { first: 7, most: 30 } });
    open.push(indexer);
    return indexer;
  }
  function nodes(): { liar: RpcProxy; honest: RpcProxy } {
    if (liar === undefined || honest === undefined) throw new Error("not started");
    return { liar, honest };
  }
  async function stats(indexer: Indexer) {
    const [one] = await indexer.queries.sales([sale.sale], false);
    if (one === undefined) throw new Error("no sale");
    return one;
  }

  /** A node whose sale has one purchase more in the latest block, in its log, its history and what it raised. */
  async function forgesPurchase(indexer: Indexer): Promise<Change> {
    const { entries, history, raised } = await stats(indexer);
    const { number, hash } = await chain.client.getBlock();
    const [buyer] = chain.buyers as [Address];
    const [nonce, amount, orderId] = [9n, 500n * 10n ** 6n, randomHash()];
    const after = replayEntry(
      { sequence: entries, history, raised: BigInt(raised) },
      { kind: "purchase", buyer, nonce, amount, orderId },
    );
    const padded = after.history.slice(2).padEnd(64, "0");
    const log = {
      ...{ address: sale.sale.toLowerCase(), transactionHash: randomHash(), transactionIndex: "0x0" },
      topics: [
        ...[toEventSelector("Purchased(address,bytes32,uint256,uint256,bytes19)"), pad(buyer).toLowerCase()],
        orderId,
      ],
      data: `0x${pad(toHex(nonce)).slice(2)}${pad(toHex(amount)).slice(2)}${padded}`,
      ...{ blockNumber: toHex(number), blockHash: hash, logIndex: "0x0", removed: false },
    };
    const earlier = new Set<unknown>();
    return (call, answer) => {
      if (call.method === "eth_getBlockByNumber") {
        const block = answer.result as { number: Hex; hash: Hex } | null;
        if (block !== null && Number(block.number) < Number(number)) earlier.add(block.hash);
        return answer;
      }
      if (call.method === "eth_getLogs") {
        const { fromBlock, toBlock, blockHash } = call.params[0] as Record<string, Hex>;
        const within = Number(fromBlock) <= Number(number) && Number(number) <= Number(toBlock);
        const asked = blockHash === undefined ? within : blockHash === hash;
        return asked ? { ...answer, result: [...(answer.result as unknown[]), log] } : answer;
      }
      const [{ data }, { blockHash }] = call.params as [{ data?: Hex }, { blockHash?: Hex }];
      if (earlier.has(blockHash)) return answer;
      if (data === toFunctionSelector("history()")) return { ...answer, result: `0x${padded}` };
      if (data === toFunctionSelector("raised()")) return { ...answer, result: pad(toHex(after.raised)) };
      return answer;
    };
  }

  for (const place of [0, 1, 2]) {
    it(`makes nobody believe a purchase, as number ${String(place)} of three`, async () => {
      const urls = [nodes().honest.url, chain.url];
      urls.splice(place, 0, nodes().liar.url);
      const indexer = await indexing(urls);
      await indexer.catchUp();
      const before = await stats(indexer);
      await chain.client.mine({ blocks: 1 });
      nodes().liar.change = await forgesPurchase(indexer);

      for (let pass = 0; pass < FINALITY_DEPTH + 4; pass++) {
        expect(await slipwayCodeOf(indexer.pass())).to.equal("rpcs-disagree");
        await chain.client.mine({ blocks: 1 });
      }
      const { status, entries, raised } = await stats(indexer);
      expect({ status, entries, raised }).to.deep.equal({ ...pick(before), status: "syncing" });

      nodes().liar.change = undefined;
      await indexer.catchUp();
      await expectTruth(indexer, chain, sale);
    });
  }

  it("has its purchase neither live nor final any more when the other node is back", async () => {
    const indexer = await indexing([nodes().honest.url, nodes().liar.url]);
    await indexer.catchUp();
    await chain.client.mine({ blocks: 1 });
    nodes().liar.change = await forgesPurchase(indexer);
    nodes().honest.fail = () => ({ status: 503, body: "" });
    await indexer.pass();
    nodes().honest.fail = undefined;

    const { number } = await chain.client.getBlock();
    for (let pass = 0; pass < FINALITY_DEPTH + 4; pass++) {
      await chain.client.mine({ blocks: 1 });
      expect(await slipwayCodeOf(indexer.pass())).to.equal("rpcs-disagree");
      const { status, finalised } = await stats(indexer);
      expect(status).to.equal("syncing");
      expect(finalised.number).to.be.below(Number(number));
    }

    nodes().liar.change = undefined;
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
  });

  it("does not move finality by a latest block that is too high", async () => {
    nodes().liar.change = (call, answer) => {
      const block = answer.result as { number: Hex } | null;
      return call.params[0] === "latest" && block !== null
        ? { ...answer, result: { ...block, number: toHex(Number(block.number) + FINALITY_DEPTH) } }
        : answer;
    };
    const indexer = await indexing([nodes().liar.url, chain.url]);
    for (let pass = 0; pass < 6; pass++) {
      await chain.client.mine({ blocks: 1 });
      await slipwayCodeOf(indexer.pass());
      const head = Number(await chain.client.getBlockNumber({ cacheTime: 0 }));
      expect((await stats(indexer)).finalised.number).to.be.at.most(head - FINALITY_DEPTH);
    }
  });

  it("does not have a good copy read again by what it says of a contract", async () => {
    const indexer = await indexing([nodes().liar.url, chain.url]);
    await indexer.catchUp();
    const steps: string[] = [];
    const { apply } = indexer.store;
    indexer.store.apply = async (all) => {
      steps.push(...all.map(({ type }) => type));
      return apply(all);
    };
    indexer.restart();
    nodes().liar.change = (call, answer) =>
      (call.params[0] as { data?: Hex }).data === toFunctionSelector("pausedUntil()")
        ? { ...answer, result: pad("0x05") }
        : answer;
    for (let pass = 0; pass < 20; pass++) {
      await chain.client.mine({ blocks: 1 });
      await slipwayCodeOf(indexer.pass());
    }
    expect(steps).to.not.include("reread");
    expect(steps).to.not.include("quarantine");
    expect((await stats(indexer)).status).to.equal("syncing");
  });

  it("does not have the copy taken back by leaving out a log while the other is away", async () => {
    const indexer = await indexing([nodes().honest.url, nodes().liar.url]);
    await indexer.catchUp();
    const { entries } = await stats(indexer);
    await sale.purchase(chain.buyers[0] as Address, 10n ** 6n);
    nodes().honest.fail = () => ({ status: 503, body: "" });
    nodes().liar.change = (call, answer) =>
      call.method === "eth_getLogs" ? { ...answer, result: (answer.result as Log[]).slice(0, -1) } : answer;
    for (let pass = 0; pass < 4; pass++) await slipwayCodeOf(indexer.pass());
    expect((await stats(indexer)).entries).to.equal(entries);

    nodes().honest.fail = undefined;
    nodes().liar.change = undefined;
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
  });

  describe("does not stop the copy by answers that cannot be read", () => {
    const malformed: Record<string, Change> = {
      "a log that is null": inLogs(() => null),
      "a log that has nothing": inLogs(() => ({})),
      "topics that are null": inLogs((log) => ({ ...log, topics: null })),
      "a place beyond any": inLogs((log) => ({ ...log, logIndex: "0xffffffffff" })),
      "a time beyond any": inLogs((log) => ({ ...log, blockTimestamp: "0xffffffffffffffffffff" })),
      "state that is no hex": (call, answer) =>
        call.method === "eth_call" ? { ...answer, result: `0x${"zz".repeat(32)}` } : answer,
      "a header's time that is no number": inHeaders({ timestamp: "0xzz" }),
      "a header's number beyond any": inHeaders({ number: "0xffffffffffffffffffffff" }),
      "a header's hash that is none": inHeaders({ hash: {} }),
    };
    for (const [name, change] of Object.entries(malformed)) {
      it(name, async () => {
        nodes().liar.change = change;
        const indexer = await indexing([nodes().liar.url, chain.url]);
        await indexer.catchUp();
        await expectTruth(indexer, chain, sale);
      });
    }
  });

  it("is not waited for again and again when it gives no answer", async () => {
    // Deadlines come at once, and only for the node that hangs.
    let time = 0;
    const clock = {
      now: () => time,
      sleep: () => Promise.resolve(),
      deadline: () => new AbortController().signal,
    };
    let asked = 0;
    const indexer = await indexerUnderTest({
      ...{ urls: [nodes().liar.url, chain.url], records: [sale.record], range: { first: 7, most: 30 } },
      clock,
    });
    open.push(indexer);
    const [first] = indexer.pool.sources;
    if (first === undefined) throw new Error("no node");
    first.send = () => {
      asked += 1;
      first.hungAt = time;
      return Promise.reject(indexerError("rpc-unreachable", "no answer in time"));
    };
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
    expect(asked).to.equal(1);
    time = 60_000;
    await indexer.pass();
    expect(asked).to.equal(2);
  });
});

function pick({ entries, raised }: { entries: number; raised: string }) {
  return { entries, raised };
}
function inLogs(change: (log: Log) => unknown): Change {
  return (call, answer) =>
    call.method === "eth_getLogs" && Array.isArray(answer.result)
      ? { ...answer, result: (answer.result as Log[]).map(change) }
      : answer;
}
function inHeaders(fields: object): Change {
  return (call, answer) =>
    call.method === "eth_getBlockByNumber" && answer.result != null
      ? { ...answer, result: { ...answer.result, ...fields } }
      : answer;
}
