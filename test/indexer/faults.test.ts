import { expect } from "chai";
import type { Address, Hex } from "viem";
import { checkLaunch } from "../../src/chain/checkLaunch.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { resync } from "../../src/indexer/resync.ts";
import { expectTruth } from "../support/expectTruth.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { indexerUnderTest, instantClock } from "../support/indexerUnderTest.ts";
import {
  startRpcProxy,
  type ProxiedAnswer,
  type ProxiedCall,
  type RpcProxy,
} from "../support/indexerRpcProxy.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { slipwayCodeOf } from "../support/slipwayCodeOf.ts";

type Log = Record<string, unknown> & { data: Hex; address: Address };
type Change = NonNullable<RpcProxy["change"]>;
type Indexer = Awaited<ReturnType<typeof indexerUnderTest>>;

describe("indexer: nodes that fail or lie", () => {
  let chain: IndexerChain;
  let [sale, other]: (TestSale | undefined)[] = [];
  let liar: RpcProxy;
  const open: Indexer[] = [];
  let random = seededRandom(0);
  const unlucky = () => random() < 0.3;

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    other = await chain.deploySale((terms) => ({
      ...terms,
      sale: { ...terms.sale, hardCap: terms.sale.hardCap * 2n },
    }));
    for (const buyer of chain.buyers.slice(0, 5)) {
      await sale.fund(buyer, 10n ** 12n);
      for (let round = 1n; round <= 4n; round++) await sale.purchase(buyer, round * 10n ** 6n);
    }
    await other.buy(chain.buyers[0] as Address, 10n ** 6n);
  });
  beforeEach(async () => {
    random = seededRandom(7);
    liar = await startRpcProxy(chain.url);
  });
  afterEach(async () => {
    for (const indexer of open.splice(0)) await indexer.close();
    await liar.close();
  });
  after(() => chain.close());

  async function indexing(urls: string[] = [liar.url], records = [ours().record]): Promise<Indexer> {
    const indexer = await indexerUnderTest({ urls, records, range: { first: 7, most: 30 } });
    open.push(indexer);
    return indexer;
  }
  function ours(): TestSale {
    if (sale === undefined) throw new Error("no sale");
    return sale;
  }
  function logsChanged(change: (logs: Log[]) => Log[]): Change {
    return (call, answer) =>
      call.method === "eth_getLogs" && Array.isArray(answer.result)
        ? { ...answer, result: change(answer.result as Log[]) }
        : answer;
  }
  /** A node that keeps the state of its latest block alone. */
  function pruned(): Change {
    let head: unknown;
    return (call, answer) => {
      if (call.params[0] === "latest") head = (answer.result as { hash: unknown }).hash;
      const { blockHash } = (call.params[1] ?? {}) as { blockHash?: unknown };
      const old = call.method === "eth_call" && blockHash !== head;
      return old ? refused(answer, "missing trie node") : answer;
    };
  }
  const blockOf = (call: ProxiedCall) => Number(call.params[0]);

  describe("are found out, and the copy comes right", () => {
    const faults: Record<string, () => void> = {
      "a log left out of every third answer": () => {
        liar.change = logsChanged((logs) => (unlucky() ? logs.slice(1) : logs));
      },
      "the last log left out of every third answer": () => {
        liar.change = logsChanged((logs) => (unlucky() ? logs.slice(0, -1) : logs));
      },
      "a log sent twice": () => {
        liar.change = logsChanged((logs) => logs.flatMap((log) => [log, log]));
      },
      "logs in disorder": () => {
        liar.change = logsChanged((logs) => [...logs].reverse());
      },
      "a foreign log under the sale's address": () => {
        liar.change = logsChanged((logs) =>
          unlucky() ? logs.flatMap((log) => [log, { ...log, logIndex: "0xff" }]) : logs,
        );
      },
      "a log of a block that is not in the range": () => {
        liar.change = logsChanged((logs) =>
          unlucky() ? logs.map((log) => ({ ...log, blockHash: `0x${"ab".repeat(32)}` })) : logs,
        );
      },
      "an amount changed": () => {
        liar.change = logsChanged((logs) =>
          unlucky()
            ? logs.map((log) => ({
                ...log,
                data: `${log.data.slice(0, 100)}ff${log.data.slice(102)}` as Hex,
              }))
            : logs,
        );
      },
      "ranges refused for their size": () => {
        liar.change = (call, answer) => {
          const { fromBlock, toBlock } = (call.params[0] ?? {}) as { fromBlock?: Hex; toBlock?: Hex };
          return call.method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) > 3
            ? refused(answer, "query exceeds max block range 4")
            : answer;
        };
      },
      "no state of old blocks, as of every pruned node": () => {
        liar.change = pruned();
      },
      "the last log left out of the first range, by a pruned node": () => {
        const withoutState = pruned();
        let first = true;
        const withoutLast = logsChanged((logs) => {
          const told = first ? logs.slice(0, -1) : logs;
          first &&= logs.length === 0;
          return told;
        });
        liar.change = (call, answer, all) => withoutLast(call, withoutState(call, answer, all), all);
      },
      "busy, broken, cut short and not JSON, in turn": () => {
        const bad = [
          { status: 429, body: "slow down" },
          { status: 500, body: "" },
          { status: 200, body: "<html>" },
          { status: 200, body: '[{"jsonrpc":"2.0","id":1,"resu' },
          { status: 200, body: "[]" },
        ];
        liar.fail = (turn) => (turn % 2 === 0 ? bad[(turn / 2) % bad.length] : undefined);
      },
      "ids that come twice": () => {
        liar.change = (_, answer, turn) => (turn % 3 === 0 ? { ...answer, id: 1 } : answer);
      },
      "a rate limit told as an error of JSON-RPC": () => {
        // Of a whole request: were it of each answer, hardly one of a hundred would come through.
        liar.change = (_, answer, turn) =>
          turn % 3 === 0
            ? { ...refused(answer, "limit"), error: { code: -32005, message: "slow down" } }
            : answer;
      },
      "answers from sixty blocks ago": () => {
        liar.change = (call, answer) =>
          call.method === "eth_getBlockByNumber" &&
          unlucky() &&
          (call.params[0] === "latest" || blockOf(call) > 20)
            ? {
                ...answer,
                result: call.params[0] === "latest" ? { ...(answer.result as object), number: "0x14" } : null,
              }
            : answer;
      },
    };
    for (const [name, lie] of Object.entries(faults)) {
      it(name, async () => {
        lie();
        const indexer = await indexing();
        await indexer.catchUp();
        liar.change = undefined; // the last answer may have been of an old head
        await indexer.catchUp();
        await expectTruth(indexer, chain, ours());
      });
    }

    it("a third of the answers from a dead fork", async () => {
      const indexer = await indexing();
      const snapshot = await chain.client.snapshot();
      await ours().purchase(chain.buyers[0] as Address, 77n * 10n ** 6n);
      await ours().purchase(chain.buyers[1] as Address, 78n * 10n ** 6n);
      const dead = await record(chain.url);
      await chain.client.revert({ id: snapshot });
      await ours().purchase(chain.buyers[2] as Address, 5n * 10n ** 6n);
      await ours().purchase(chain.buyers[3] as Address, 6n * 10n ** 6n);

      liar.change = (call, answer) => (unlucky() ? dead(call, answer) : answer);
      await indexer.catchUp();
      await expectTruth(indexer, chain, ours());
    });

    it("one node that is down, of two", async () => {
      liar.fail = () => ({ status: 503, body: "" });
      const indexer = await indexing([liar.url, chain.url]);
      await indexer.catchUp();
      await expectTruth(indexer, chain, ours());
    });
  });

  it("quarantines the one sale whose logs do not add up at any node, until it is copied anew", async () => {
    const [mine, theirs] = [ours(), other as TestSale];
    const [victim] = chain.buyers;
    liar.change = logsChanged((logs) =>
      logs.filter(
        ({ address, topics }) =>
          !(
            address.toLowerCase() === mine.sale.toLowerCase() &&
            String((topics as Hex[])[1]).endsWith(String(victim).slice(2).toLowerCase())
          ),
      ),
    );
    const indexer = await indexing([liar.url], [mine.record, theirs.record]);
    await indexer.catchUp();
    const stats = await indexer.queries.sales([mine.sale, theirs.sale], false);
    expect(stats.map(({ status }) => status)).to.deep.equal(["quarantined", "live"]);
    expect(stats[0]?.reason).to.match(/^after 0 entries \(block \d+\) the copy has 0x[0-9a-f]{38}/);
    expect(stats[0]?.wayOut).to.contain("resync <sale>");
    await expectTruth(indexer, chain, theirs);

    liar.change = undefined;
    await resync(indexer.client, mine.sale);
    indexer.restart();
    await indexer.catchUp();
    await expectTruth(indexer, chain, mine);
    await expectTruth(indexer, chain, theirs);
  });

  it("finalises nothing while two nodes hold two chains", async () => {
    const indexer = await indexing([liar.url, chain.url]);
    liar.change = (call, answer) =>
      call.method === "eth_getBlockByNumber" && answer.result !== null && call.params[0] !== "latest"
        ? { ...answer, result: { ...(answer.result as object), hash: `0x${"cd".repeat(32)}` } }
        : answer;
    expect(await slipwayCodeOf(indexer.catchUp())).to.equal("rpcs-disagree");
    expect((await indexer.queries.sales([ours().sale], false))[0]?.finalised.number).to.equal(-1);
  });

  it("waits for a node that knows what the copy holds", async () => {
    const indexer = await indexing();
    await indexer.catchUp();
    liar.change = (call, answer) =>
      call.params[0] === "latest"
        ? { ...answer, result: { ...(answer.result as object), number: "0x1" } }
        : answer;
    expect(await slipwayCodeOf(indexer.pass())).to.equal("rpc-behind");
    liar.change = undefined;
    await indexer.catchUp();
    await expectTruth(indexer, chain, ours());
  });

  it("says that a node contradicts itself when nothing else helps", async () => {
    const indexer = await indexing();
    liar.change = logsChanged((logs) => logs.map((log) => ({ ...log, blockHash: `0x${"ab".repeat(32)}` })));
    expect(await slipwayCodeOf(indexer.catchUp())).to.equal("rpc-inconsistent");
  });

  it("goes on where it stopped when no node answered for a while", async () => {
    const indexer = await indexing();
    await indexer.pass();
    liar.fail = () => ({ status: 500, body: "" });
    // What was fetched ahead is still written.
    expect(await slipwayCodeOf(indexer.catchUp())).to.equal("rpc-unreachable");
    liar.fail = undefined;
    await indexer.catchUp();
    await expectTruth(indexer, chain, ours());
  });

  describe("before anything is copied", () => {
    const check = (record = ours().record) => {
      const pool = createRpcPool({ urls: [liar.url, chain.url], clock: instantClock(), random: () => 0 });
      return slipwayCodeOf(checkLaunch(pool, [record]));
    };

    it("passes for the record of the sale, also when one node is down", async () => {
      expect(await check()).to.equal("none");
      liar.fail = () => ({ status: 500, body: "" });
      expect(await check()).to.equal("none");
    });
    it("refuses a node of another chain", async () => {
      liar.change = (call, answer) => (call.method === "eth_chainId" ? { ...answer, result: "0x1" } : answer);
      expect(await check()).to.equal("chain-id-mismatch");
    });
    it("refuses a look-alike sale with other terms", async () => {
      expect(await check({ ...ours().record, sale: (other as TestSale).sale })).to.equal("terms-mismatch");
    });
    it("refuses a record that names another token", async () => {
      expect(await check({ ...ours().record, token: chain.deployer })).to.equal("record-inconsistent");
    });
    it("refuses an address without code", async () => {
      expect(await check({ ...ours().record, sale: chain.deployer })).to.equal("sale-not-deployed");
    });
    it("passes on what a node refuses", async () => {
      liar.change = (call, answer) => (call.method === "eth_call" ? refused(answer, "no") : answer);
      const pool = createRpcPool({ urls: [liar.url], clock: instantClock(), random: () => 0 });
      expect(await slipwayCodeOf(checkLaunch(pool, [ours().record]))).to.equal("rpc-refused");
    });
  });

  it("takes no event of a look-alike that nobody announced", async () => {
    const indexer = await indexing([chain.url]);
    const lookAlike = await chain.deploySale((terms) => terms);
    await lookAlike.buy(chain.buyers[0] as Address, 10n ** 6n);
    await indexer.catchUp();
    await expectTruth(indexer, chain, ours());
  });
});

function refused(answer: ProxiedAnswer, message: string): ProxiedAnswer {
  return { jsonrpc: "2.0", id: answer.id, error: { code: -32000, message } };
}

/** All blocks and logs of a node as they are now, told again after they are gone. */
async function record(url: string): Promise<(call: ProxiedCall, answer: ProxiedAnswer) => ProxiedAnswer> {
  const ask = async (method: string, params: unknown[]): Promise<unknown> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return ((await response.json()) as { result: unknown }).result;
  };
  const latest = (await ask("eth_getBlockByNumber", ["latest", false])) as { number: Hex };
  const blocks = new Map<string, unknown>([["latest", latest]]);
  for (let number = 0; number <= Number(latest.number); number++) {
    const at = `0x${number.toString(16)}`;
    blocks.set(at, await ask("eth_getBlockByNumber", [at, false]));
  }
  const logs = (await ask("eth_getLogs", [{ fromBlock: "0x0", toBlock: "latest" }])) as Record<string, Hex>[];

  return (call, answer) => {
    const { method, params } = call;
    if (method === "eth_getBlockByNumber")
      return { ...answer, result: blocks.get(String(params[0])) ?? null };
    if (method !== "eth_getLogs") return answer;
    const { fromBlock, toBlock, blockHash, address } = params[0] as Record<string, Hex> & { address: never };
    const addresses = (address as string[]).map((each) => each.toLowerCase());
    const found = logs.filter(
      (log) =>
        addresses.includes(String(log["address"]).toLowerCase()) &&
        (blockHash === undefined
          ? Number(log["blockNumber"]) >= Number(fromBlock) && Number(log["blockNumber"]) <= Number(toBlock)
          : log["blockHash"] === blockHash),
    );
    return { jsonrpc: "2.0", id: answer.id, result: found };
  };
}
