import { expect } from "chai";
import { zeroAddress, zeroHash, type Address } from "viem";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { finalise } from "../../src/launch/finalise.ts";
import { reconcile, type Reconciliation } from "../../src/reconcile/reconcile.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { createIndexerClient, type IndexerClient } from "../../src/sdk/indexerClient.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { FINALITY_DEPTH, indexerUnderTest, instantClock } from "../support/indexerUnderTest.ts";
import { serveIndexer } from "../support/serveIndexer.ts";
import { UNIT } from "../support/signerLaunch.ts";

/** Sales that anybody may buy in, without a signer, in every phase; the chain is the sale's own. */
describe("reconcile: phases", () => {
  let chain: IndexerChain;
  const open: { close: () => Promise<void> }[] = [];

  beforeEach(async () => {
    chain = await startIndexerChain();
    open.push(chain);
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  async function follow(sale: TestSale) {
    const indexer = await indexerUnderTest({ urls: [chain.url], records: [sale.record] });
    open.push(indexer);
    const api = await serveIndexer(indexer, [sale.record]);
    open.push(api);
    return {
      indexer,
      async reconcile(
        blocks = FINALITY_DEPTH,
        seen: (client: IndexerClient) => IndexerClient = (client) => client,
      ): Promise<Reconciliation> {
        for (let block = 0; block < blocks; block++) await chain.client.mine({ blocks: 1 });
        await indexer.catchUp();
        return reconcile({
          record: sale.record,
          pool: createRpcPool({ urls: [chain.url], clock: instantClock() }),
          finality: { kind: "depth", depth: FINALITY_DEPTH },
          indexer: seen(createIndexerClient({ url: api.url })),
          clock: instantClock(),
        });
      },
    };
  }
  const buyer = (index: number): Address => chain.buyers[index] ?? zeroAddress;

  it("compares an open sale at the final block, whatever came after it", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    await sale.buy(buyer(0), 10n * UNIT);
    await sale.buy(buyer(1), 20n * UNIT);
    expect((await copy.reconcile()).differences).to.deep.equal([]);

    // Of these nothing is final.
    await sale.buy(buyer(2), 40n * UNIT);
    await sale.send(buyer(0), "withdraw");
    const { differences, copy: compared, phase, buyers } = await copy.reconcile(0);
    expect(differences).to.deep.equal([]);
    expect([phase, compared?.raised, compared?.sequence, buyers]).to.deep.equal(["open", 30n * UNIT, 2, 2]);
  });

  it("finds an entry changed above the final block", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    await sale.buy(buyer(0), 10n * UNIT);
    await copy.reconcile();
    await sale.buy(buyer(1), 20n * UNIT);
    await copy.indexer.catchUp();
    await copy.indexer.database.query(
      "UPDATE entries SET transaction = decode(repeat('ab', 32), 'hex') WHERE sequence = 2",
    );
    const { differences } = await copy.reconcile(0);
    expect(differences.map(({ code, field }) => [code, field])).to.deep.equal([
      ["entry-changed", "entry 2, transaction"],
    ]);
  });

  it("finds the row of an ejected buyer gone, and refunds moved between buyers", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    for (const index of [0, 1, 2]) await sale.buy(buyer(index), 10n * UNIT);
    await sale.send(chain.deployer, "eject", [buyer(2)]);
    await chain.moveTo(sale.record.terms.sale.closesAt);
    for (const index of [0, 1]) await sale.send(chain.deployer, "refund", [buyer(index)]);
    expect((await copy.reconcile()).differences).to.deep.equal([]);

    const bytes = (index: number) => Buffer.from(buyer(index).slice(2), "hex");
    const change = "UPDATE positions SET refunded = refunded + $1::numeric WHERE buyer = $2";
    await copy.indexer.database.query(change, ["5", bytes(0)]);
    await copy.indexer.database.query(change, ["-5", bytes(1)]);
    const moved = (await copy.reconcile(0)).differences;
    expect(moved.map(({ code, got }) => [code, got]).sort()).to.deep.equal([
      ["position-differs", "10000005"],
      ["position-differs", "9999995"],
    ]);
    await copy.indexer.database.query(change, ["-5", bytes(0)]);
    await copy.indexer.database.query(change, ["5", bytes(1)]);

    await copy.indexer.database.query("DELETE FROM positions WHERE buyer = $1", [bytes(2)]);
    const gone = (await copy.reconcile(0)).differences.filter(({ severity }) => severity === "blocking");
    expect(gone.map(({ code, field }) => [code, field])).to.deep.equal([
      ["position-differs", `${buyer(2)}, row`],
    ]);
  });

  it("finds a changed position of a buyer who moved after the final block", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    await sale.buy(buyer(0), 10n * UNIT);
    expect((await copy.reconcile()).differences).to.deep.equal([]);
    await sale.buy(buyer(0), 5n * UNIT);
    await copy.indexer.catchUp();
    await copy.indexer.database.query("UPDATE positions SET paid = paid + 1");
    const { differences } = await copy.reconcile(0);
    expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
      ["position-differs", "15000001", "15000000"],
    ]);
  });

  it("counts an entry that a reorganisation takes away while we read for nothing, unless it stays", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    await sale.buy(buyer(0), 10n * UNIT);
    await copy.reconcile();
    await sale.buy(buyer(1), 20n * UNIT);
    /** The last entry is of a fork; asked again, the indexer has the history of `later`, or still the same. */
    const forked =
      (later: "0x01" | undefined) =>
      (client: IndexerClient): IndexerClient => {
        let read = false;
        return {
          ...client,
          async *allEntries(of, filter) {
            for await (const entry of client.allEntries(of, filter)) {
              const forked = entry.sequence === 2 && !(read && later !== undefined);
              yield forked ? { ...entry, history: `0x${"22".repeat(19)}` } : entry;
            }
            read = true;
          },
          async sale(of) {
            const stats = await client.sale(of);
            return read && later !== undefined ? { ...stats, history: later } : stats;
          },
        };
      };
    expect((await copy.reconcile(0, forked("0x01"))).differences).to.deep.equal([]);
    const stays = await copy.reconcile(0, forked(undefined));
    expect(stays.differences.map(({ code }) => code)).to.deep.equal([
      ...["entry-changed", "sum-differs"],
      // Beside the nodes' events.
      ...["entry-changed", "entry-missing"],
    ]);
  });

  it("compares a sale that nobody bought in", async () => {
    const sale = await chain.deploySale();
    const { differences, copy } = await (await follow(sale)).reconcile();
    expect(differences).to.deep.equal([]);
    expect([copy?.sequence, copy?.raised]).to.deep.equal([0, 0n]);
  });

  it("says when the sale's creation is not final", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    const code = await copy.reconcile(0).catch((error: unknown) => (error as { code: string }).code);
    expect(code).to.equal("nothing-final");
  });

  it("compares a listed sale after claims and releases: what is owed shrinks with what is paid", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    await sale.buy(buyer(0), 150n * UNIT);
    await sale.buy(buyer(1), 50n * UNIT);
    await chain.moveTo(sale.record.terms.sale.closesAt);
    const { listableFrom } = await finalise({
      client: chain.client,
      account: chain.deployer,
      record: sale.record,
    });
    await chain.moveTo(listableFrom);
    await sale.send(chain.deployer, "list", [(await sale.truth()).history]);
    expect((await copy.reconcile()).differences).to.deep.equal([]);

    await sale.send(chain.deployer, "claim", [buyer(0)]);
    await sale.send(chain.deployer, "releaseFee");
    await sale.send(chain.deployer, "releaseUnsold");
    const partly = await copy.reconcile();
    expect([partly.phase, partly.differences]).to.deep.equal(["listed", []]);
    await sale.send(chain.deployer, "claim", [buyer(1)]);
    await sale.send(chain.deployer, "releaseTreasury");
    expect((await copy.reconcile()).differences).to.deep.equal([]);

    await copy.indexer.database.query("UPDATE positions SET claimed = 0 WHERE purchases > 0");
    const found = (await copy.reconcile(0)).differences;
    expect(found.map(({ code }) => code)).to.deep.equal([
      ...["position-differs", "position-differs", "sum-differs"],
    ]);
    // Further blocks become final: the indexer asks the sale again, and mends its copy.
    expect((await copy.reconcile()).differences).to.deep.equal([]);
  });

  it("compares a failed sale while refunds and releases go on", async () => {
    const sale = await chain.deploySale();
    const copy = await follow(sale);
    await sale.buy(buyer(0), 30n * UNIT);
    await sale.buy(buyer(1), 20n * UNIT);
    await sale.buy(buyer(2), 10n * UNIT);
    await sale.send(chain.deployer, "eject", [buyer(2)]);
    await chain.moveTo(sale.record.terms.sale.closesAt);
    expect((await copy.reconcile()).phase).to.equal("failed");

    await sale.send(chain.deployer, "refund", [buyer(0)]);
    await sale.send(chain.deployer, "releaseUnsold");
    const { differences, copy: compared } = await copy.reconcile();
    expect([differences, compared?.raised]).to.deep.equal([[], 50n * UNIT]);
    await sale.send(chain.deployer, "releaseEjected", [buyer(2)]);
    await sale.send(chain.deployer, "refund", [buyer(1)]);
    expect((await copy.reconcile()).differences).to.deep.equal([]);
  });

  it("compares a sale in ether", async () => {
    const sale = await chain.deploySale((terms) => ({
      ...terms,
      sale: { ...terms.sale, currency: zeroAddress },
    }));
    const record = { ...sale.record, currency: zeroAddress };
    const copy = await follow({ ...sale, record });
    const voucher = {
      nonce: 0n,
      cumulativeCap: 2n ** 90n,
      validFrom: 0n,
      validUntil: 2n ** 60n,
      orderId: zeroHash,
    };
    const hash = await chain.client.writeContract({
      ...{ address: sale.sale, abi: saleAbi, functionName: "purchase" },
      ...{ args: [500n * UNIT, 1n, voucher, "0x"], value: 500n * UNIT, account: buyer(0) },
    } as const);
    await chain.client.waitForTransactionReceipt({ hash });
    expect((await copy.reconcile()).differences).to.deep.equal([]);

    await chain.client.setBalance({ address: sale.sale, value: 500n * UNIT + 1n });
    const { differences } = await copy.reconcile();
    expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
      ["currency-surplus", "1", "0"],
    ]);
  });
});
