import { expect } from "chai";
import { keccak256, pad, toHex, type Address, type Hex } from "viem";
import { createQueries } from "../../src/indexer/queries.ts";
import { resync } from "../../src/indexer/resync.ts";
import { noteSeen } from "../../src/indexer/store.ts";
import { randomHash, startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { startRpcProxy, type RpcProxy } from "../support/indexerRpcProxy.ts";
import { indexerUnderTest } from "../support/indexerUnderTest.ts";
import { webhookTold } from "../support/webhookTold.ts";

const FIRST = { after: { block: -1, logIndex: -1 }, limit: 1000 };

describe("indexer: what counts as final", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let liar: RpcProxy;
  let indexer: Awaited<ReturnType<typeof indexerUnderTest>>;

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    for (const buyer of chain.buyers.slice(0, 3)) await sale.buy(buyer, 10n ** 6n);
    for (let block = 0; block < 12; block++) await chain.client.mine({ blocks: 1 });
    liar = await startRpcProxy(chain.url);
  });
  beforeEach(async () => {
    indexer = await indexerUnderTest({ urls: [liar.url, chain.url], records: [sale.record] });
    await indexer.catchUp();
  });
  afterEach(async () => {
    liar.change = undefined;
    await indexer.close();
  });
  after(async () => {
    await liar.close();
    await chain.close();
  });

  const stats = async () => {
    const [found] = await indexer.queries.sales([sale.sale], false);
    if (found === undefined) throw new Error("no sale");
    return found;
  };
  it("is nothing above what the contracts have confirmed, nor above the chain's final block", async () => {
    const { entries } = await indexer.queries.entries(sale.sale, { after: 0, limit: 10 });
    expect(entries.map(({ finalised }) => finalised)).to.deep.equal([true, true, true]);
    const [first] = entries;
    if (first === undefined) throw new Error("no entries");
    await indexer.database.query("UPDATE sales SET proved_to = $1", [first.block.number]);

    const left = await indexer.queries.entries(sale.sale, { after: 0, limit: 10 });
    expect(left.entries.map(({ finalised }) => finalised)).to.deep.equal([true, false, false]);
    const { events } = await indexer.queries.events(sale.sale, FIRST);
    for (const { block, finalised } of events) expect(finalised).to.equal(block.number <= first.block.number);
    expect((await stats()).finality?.proved).to.equal(first.block.number);

    await indexer.database.query("UPDATE sales SET proved_to = 1000000");
    await indexer.database.query("UPDATE chain SET anchor_number = NULL");
    const none = await indexer.queries.entries(sale.sale, { after: 0, limit: 10 });
    expect(none.entries.map(({ finalised }) => finalised)).to.deep.equal([false, false, false]);
  });

  it("is not, and is told to nobody, where one node forged it in a copy made anew", async () => {
    const { number, hash } = await chain.client.getBlock({ blockNumber: sale.record.startBlock + 1n });
    const forged = {
      ...{ address: sale.sale.toLowerCase(), removed: false, topics: [keccak256(toHex("Paused(uint256)"))] },
      ...{ data: pad("0x05"), blockNumber: toHex(number), blockHash: hash, transactionHash: randomHash() },
      logIndex: "0x0",
    };
    await resync(indexer.client, sale.sale);
    indexer.restart();
    liar.change = ({ method, params }, answer) => {
      if (method !== "eth_getLogs") return answer;
      const { fromBlock, toBlock } = params[0] as Record<string, Hex>;
      const holds = Number(fromBlock) <= Number(number) && Number(number) <= Number(toBlock);
      return holds ? { ...answer, result: [...(answer.result as unknown[]), forged] } : answer;
    };
    let seen = 0;
    for (let pass = 0; pass < 3; pass++) {
      await indexer.pass();
      const { events } = await indexer.queries.events(sale.sale, FIRST);
      const paused = events.filter(({ name }) => name === "Paused");
      seen += paused.length;
      expect(paused.filter(({ finalised }) => finalised)).to.deep.equal([]);
      const told = await webhookTold(indexer, sale.sale);
      expect(told.filter(({ data }) => "name" in data && data.name === "Paused")).to.deep.equal([]);
    }
    expect(seen).to.be.greaterThan(0);
  });

  it("has no pool and no listing by an event alone", async () => {
    const supply = await indexer.queries.supply(sale.sale);
    await indexer.database.query(
      `INSERT INTO events (sale, block_number, log_index, name, args, block_hash, block_time, transaction, contract)
       SELECT id, copied_to, 9, 'Listed', '{"unsold":"7"}', '\\x00', 1, '\\x00', 'sale' FROM sales`,
    );
    await indexer.database.query("UPDATE sales SET pool = '\\x66'");
    expect(await stats()).to.deep.include({ phase: "open", pool: null, listedAt: null });
    expect(await indexer.queries.supply(sale.sale)).to.deep.equal(supply);
    const position = await indexer.queries.position(sale.sale, chain.buyers[0] as Address);
    expect(position?.vestedTokens).to.equal("0");

    await indexer.database.query("UPDATE sales SET phase = 5");
    expect(await stats()).to.deep.include({ phase: "listed", pool: "0x66", listedAt: 1 });
  });

  it("is stalled where the writer's passes fail, and not where it catches up", async () => {
    const { head } = await stats();
    let now = 0;
    const records = [{ ...sale.record, chainId: 1 }];
    const queries = createQueries(indexer.database, records, { now: () => now * 1000 });
    const stalled = async () => (await queries.sales([sale.sale], true))[0]?.finality?.stalled;
    await noteSeen(indexer.client, head, head.time * 1000);
    now = head.time + 5;
    expect(await stalled()).to.equal(false);
    now = head.time + 2_401;
    expect(await stalled()).to.equal(true);

    await noteSeen(indexer.client, { number: head.number + 300, time: now }, now * 1000);
    expect(await stalled()).to.equal(false);
  });
});
