import { expect } from "chai";
import type { Address } from "viem";
import { resync } from "../../src/indexer/resync.ts";
import { register } from "../../src/indexer/store.ts";
import { slipwayCodeOf } from "../support/slipwayCodeOf.ts";
import { expectTruth } from "../support/expectTruth.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { FINALITY_DEPTH, indexerUnderTest } from "../support/indexerUnderTest.ts";

describe("indexer: a chain that is reorganised", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let indexer: Awaited<ReturnType<typeof indexerUnderTest>>;
  let buyers: Address[];

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    buyers = chain.buyers.slice(0, 4);
    for (const buyer of buyers) await sale.fund(buyer, 10n ** 12n);
    indexer = await indexerUnderTest({ urls: [chain.url], records: [sale.record] });
  });
  after(async () => {
    await indexer.close();
    await chain.close();
  });

  /** So many blocks with one purchase each; other orders and amounts at each call. */
  async function mine(blocks: number, cents: bigint): Promise<void> {
    for (let block = 0; block < blocks; block++) {
      const buyer = buyers[(block + Number(cents)) % buyers.length] as Address;
      await sale.purchase(buyer, (cents + BigInt(block)) * 10n ** 4n);
    }
  }

  for (let depth = 1; depth <= FINALITY_DEPTH; depth++) {
    it(`follows when the last ${String(depth)} blocks are replaced by as many others`, async () => {
      await mine(2, 5n);
      const snapshot = await chain.client.snapshot();
      await mine(depth, 100n);
      await indexer.catchUp();
      await expectTruth(indexer, chain, sale);

      await chain.client.revert({ id: snapshot });
      await mine(depth, 201n);
      await indexer.catchUp();
      await expectTruth(indexer, chain, sale);
    });
  }

  it("follows to a chain that is shorter", async () => {
    await mine(2, 5n);
    const snapshot = await chain.client.snapshot();
    await mine(6, 300n);
    await indexer.catchUp();
    await chain.client.revert({ id: snapshot });
    await mine(2, 401n);
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
  });

  it("goes from one branch to the other in one transaction: no reader finds either in part", async () => {
    await mine(2, 5n);
    const snapshot = await chain.client.snapshot();
    await mine(4, 700n);
    await indexer.catchUp();
    const sequenceOf = async () => (await indexer.queries.sales([sale.sale], false))[0]?.entries;
    const before = await sequenceOf();
    // What each transaction leaves, told by the database itself.
    await indexer.client.query(`
      CREATE TABLE committed (sequence bigint);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO committed SELECT sequence FROM sales WHERE id = NEW.id; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER note AFTER UPDATE ON sales DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION note()`);

    await chain.client.revert({ id: snapshot });
    await mine(4, 801n);
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
    const { rows } = await indexer.client.query<{ sequence: bigint }>(
      "SELECT DISTINCT sequence FROM committed",
    );
    expect(rows.map(({ sequence }) => Number(sequence))).to.deep.equal([before]);
    await indexer.client.query("DROP TRIGGER note ON sales; DROP FUNCTION note; DROP TABLE committed");
  });

  it("takes withdrawn, invalidated and ejected positions back", async () => {
    await mine(4, 5n);
    const snapshot = await chain.client.snapshot();
    await sale.send(buyers[0] as Address, "withdraw");
    await sale.send(chain.deployer, "invalidate", [buyers[1], 900n]);
    await sale.send(chain.deployer, "eject", [buyers[2]]);
    await sale.send(chain.deployer, "releaseEjected", [buyers[2]]);
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
    const positionOf = (buyer: Address) => indexer.queries.position(sale.sale, buyer);
    expect((await positionOf(buyers[2] as Address))?.ejected).to.equal("0");

    await chain.client.revert({ id: snapshot });
    await chain.client.mine({ blocks: 5 });
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
    expect((await indexer.queries.sales([sale.sale], false))[0]?.withdrawals).to.equal(0);
  });

  it("halts when finality itself was replaced, stays so over a restart, and begins anew after a resync", async () => {
    await mine(1, 5n);
    const snapshot = await chain.client.snapshot();
    await mine(FINALITY_DEPTH + 4, 500n);
    await indexer.catchUp();
    await chain.client.revert({ id: snapshot });
    await mine(FINALITY_DEPTH + 6, 601n);

    expect(await slipwayCodeOf(indexer.catchUp())).to.equal("anchor-broken");
    indexer.restart();
    expect(await slipwayCodeOf(indexer.pass())).to.equal("anchor-broken");
    const [stats] = await indexer.queries.sales([sale.sale], false);
    expect(stats?.status).to.equal("halted");
    expect(stats?.reason).to.match(/block \d+ was final as 0x[0-9a-f]{64}; the chain now has 0x[0-9a-f]{64}/);
    expect(stats?.wayOut).to.contain("resync all");

    await resync(indexer.client, "all");
    await register(indexer.client, [sale.record]);
    indexer.restart();
    await indexer.catchUp();
    await expectTruth(indexer, chain, sale);
  });
});
