import { expect } from "chai";
import { phases } from "../../src/sdk/phase.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { FINALITY_DEPTH, indexerUnderTest } from "../support/indexerUnderTest.ts";

describe("indexer: the copy", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let indexer: Awaited<ReturnType<typeof indexerUnderTest>>;

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    indexer = await indexerUnderTest({
      urls: [chain.url],
      records: [sale.record],
      range: { first: 5, most: 10 },
    });
  });
  after(async () => {
    await indexer.close();
    await chain.close();
  });

  it("holds what the sale holds, after backfill and live", async () => {
    for (const [index, buyer] of chain.buyers.slice(0, 5).entries())
      await sale.buy(buyer, BigInt(index + 1) * 10n ** 8n);
    await indexer.catchUp();
    await sale.send(chain.buyers[0] as `0x${string}`, "withdraw");
    await sale.send(chain.deployer, "invalidate", [chain.buyers[1], 7n]);
    await sale.send(chain.deployer, "eject", [chain.buyers[2]]);
    await sale.buy(chain.buyers[0] as `0x${string}`, 5n * 10n ** 6n);
    await indexer.catchUp();

    const [stats] = await indexer.queries.sales([sale.sale], false);
    const truth = await sale.truth();
    expect(stats?.history).to.equal(truth.history);
    expect(stats?.raised).to.equal(String(truth.raised));
    expect(stats?.phase).to.equal(phases[truth.phase]);
    expect(stats?.entries).to.equal(9);
    expect(stats?.status).to.equal("live");
    expect(stats?.buyers).to.equal(4);
    expect(stats?.finalised.number).to.equal(Number(await chain.client.getBlockNumber()) - FINALITY_DEPTH);
    for (const buyer of chain.buyers.slice(0, 5)) {
      const position = await indexer.queries.position(sale.sale, buyer);
      const [paid, , nonce] = await sale.positionOf(buyer);
      expect([position?.paid, position?.nonce]).to.deep.equal([String(paid), String(nonce)]);
    }
  });
});
