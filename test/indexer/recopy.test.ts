import { expect } from "chai";
import type { Address } from "viem";
import { resync } from "../../src/indexer/resync.ts";
import { register } from "../../src/indexer/store.ts";
import type { WebhookEvent } from "../../src/sdk/indexerApi.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { indexerUnderTest } from "../support/indexerUnderTest.ts";
import { serveIndexer } from "../support/serveIndexer.ts";
import { webhookTold } from "../support/webhookTold.ts";

describe("indexer: a copy that goes back below what was final", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let indexer: Awaited<ReturnType<typeof indexerUnderTest>>;
  const open: { close: () => Promise<void> }[] = [];
  const mine = async () => {
    for (let block = 0; block < 12; block++) await chain.client.mine({ blocks: 1 });
  };

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    for (const buyer of chain.buyers.slice(0, 8)) await sale.buy(buyer, 10n ** 6n);
    await mine();
  });
  beforeEach(async () => {
    indexer = await indexerUnderTest({ urls: [chain.url], records: [sale.record] });
    await indexer.catchUp();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await indexer.close();
  });
  after(() => chain.close());

  const goBack = () => indexer.store.apply([{ type: "reread", sale: sale.sale }]);
  async function comeBack(): Promise<void> {
    indexer.restart(); // it did not go back by itself
    await indexer.catchUp();
  }
  async function serve(queries = indexer.queries) {
    const server = await serveIndexer({ ...indexer, queries }, [sale.record]);
    open.push(server);
    return async (path: string) => fetch(`${server.url}/v1/sales/${sale.sale}${path}`);
  }

  it("is not read on any path until it is back", async () => {
    const ask = await serve();
    const paths = [
      ...["/entries", "/entries/1/proof", "/positions", `/positions/${chain.buyers[0] ?? ""}`, "/log"],
      ...["/chart", "/concentration", "/insiders", "/supply", "/supply/total", "/supply/circulating"],
      ...["/entries.csv", "/entries.json", "/positions.csv", "/positions.json", "/log.csv", "/log.json"],
      "/events",
    ];
    const answers = async (of: readonly string[]) =>
      Promise.all(
        of.map(async (path) => {
          const answer = await ask(path);
          if (answer.ok) {
            await answer.body?.cancel();
            return "ok";
          }
          const { code } = (await answer.json()) as { code: string };
          return [answer.status, code, answer.headers.get("retry-after")].join(" ");
        }),
      );
    expect(await answers(paths)).to.deep.equal(paths.map(() => "ok"));
    await goBack();
    expect(await answers(paths)).to.deep.equal(paths.map(() => "503 copy-behind 10"));
    expect(await answers([""])).to.deep.equal(["ok"]);
    await comeBack();
    expect(await answers(paths)).to.deep.equal(paths.map(() => "ok"));
  });

  it("gives no answer that was read while it went back", async () => {
    const { queries } = indexer;
    const ask = await serve({
      ...queries,
      async supply(of) {
        await goBack();
        return queries.supply(of);
      },
    });
    expect((await ask("/supply")).status).to.equal(503);
  });

  for (const what of ["entries", "positions", "log"]) {
    for (const kind of ["csv", "json"]) {
      it(`ends an export of ${what} as ${kind} in an error, forward again or not`, async () => {
        for (const forward of [false, true]) {
          await indexer.database.query(
            `INSERT INTO events SELECT sale, block_number, log_index + n, name, buyer, args, block_hash, block_time, transaction,
               contract FROM events, generate_series(1, 5) n`,
          );
          let pages = 0;
          const { queries } = indexer;
          const between = async () => {
            if (++pages !== 2) return;
            await goBack();
            if (forward) await comeBack();
          };
          // As a thousand rows a page, of a reader that is slow.
          const ask = await serve({
            ...queries,
            entries: async (of, query) => (await between(), queries.entries(of, { ...query, limit: 2 })),
            positions: async (of, query) => (await between(), queries.positions(of, { ...query, limit: 2 })),
            events: async (of, query) => (await between(), queries.events(of, { ...query, limit: 2 })),
          });
          const answer = await ask(`/${what}.${kind}`);
          expect(answer.status).to.equal(200);
          const end = await answer.text().then(
            () => "whole",
            () => "broken",
          );
          expect([pages >= 2, end]).to.deep.equal([true, "broken"]);
          await comeBack();
        }
      });
    }
  }

  it("ends an export in which a reorganised chain replaced the last row given out", async () => {
    const { queries } = indexer;
    const ask = await serve({
      ...queries,
      async entries(of, query) {
        const page = await queries.entries(of, { ...query, limit: 2 });
        if (query.after > 0)
          page.entries[0] = { ...(page.entries[0] as never as object), history: "0x66" } as never;
        return page;
      },
    });
    const answer = await ask("/entries.csv");
    expect(await answer.text().catch(() => "broken")).to.equal("broken");
  });

  const idsOf = (events: WebhookEvent[], type: string) =>
    events.filter((event) => event.type === type).map(({ id }) => id);

  it("tells receivers again what is no history, and of the history nothing that leads to the same", async () => {
    const told = await webhookTold(indexer, sale.sale);
    expect(idsOf(told, "entry").length).to.equal(8);
    expect(await webhookTold(indexer, sale.sale)).to.deep.equal([]);

    await goBack();
    expect(await webhookTold(indexer, sale.sale)).to.deep.equal([]);
    await comeBack();
    await mine(); // it is proved anew with the next final block
    await indexer.catchUp();
    const again = await webhookTold(indexer, sale.sale);
    expect(idsOf(again, "entry")).to.deep.equal([]);
    expect(idsOf(again, "event")).to.deep.equal(idsOf(told, "event"));
    expect(await webhookTold(indexer, sale.sale)).to.deep.equal([]);
  });

  it("tells receivers of an entry that replaced another, under an id of its own", async () => {
    const snapshot = await chain.client.snapshot();
    await sale.buy(chain.buyers[0] as Address, 7n * 10n ** 6n);
    await mine();
    await indexer.catchUp();
    const before = await webhookTold(indexer, sale.sale);
    await chain.client.revert({ id: snapshot });
    await sale.buy(chain.buyers[1] as Address, 5n * 10n ** 6n);
    await mine();

    await resync(indexer.client, "all");
    await register(indexer.client, [sale.record]);
    await comeBack();
    // As the writer notes it after a pass.
    await indexer.database.query("UPDATE chain SET seen_number = 0, seen_time = 0, seen_at = 0");
    const after = await webhookTold(indexer, sale.sale);
    const ninth = [before, after].map((events) =>
      events.find(({ type, data }) => type === "entry" && "sequence" in data && data.sequence === 9),
    );
    expect(ninth.map((event) => (event?.data as { amount?: string } | undefined)?.amount)).to.deep.equal([
      "7000000",
      "5000000",
    ]);
    expect(ninth[0]?.id).not.to.equal(ninth[1]?.id);
    // What is the same is the same event to a receiver.
    expect(idsOf(after, "entry").slice(0, 8)).to.deep.equal(idsOf(before, "entry").slice(0, 8));
  });
});
