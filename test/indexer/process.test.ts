import { expect } from "chai";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { Client } from "pg";
import { getAddress, zeroAddress } from "viem";
import { contractArtifact } from "../../deploy/artifacts.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import type { EntryJson } from "../../src/sdk/indexerApi.ts";
import { replayEntry, replayStart } from "../../src/sdk/replay.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import {
  killIndexers,
  runIndexerProcess,
  startIndexerProcess,
  until,
  type IndexerSetting,
} from "../support/indexerProcess.ts";
import { freePorts } from "../support/freePorts.ts";
import { startSocketServer } from "../support/socketServer.ts";
import { testCluster, testDatabase } from "../support/postgres.ts";

describe("indexer: as a process", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let setting: IndexerSetting;

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    setting = { databaseUrl: await testDatabase(), rpcUrl: chain.url, records: [sale.record] };
  });
  afterEach(killIndexers);
  after(() => chain.close());

  async function buyTen(round: number): Promise<void> {
    for (const [index, buyer] of chain.buyers.slice(0, 10).entries()) {
      await sale.buy(buyer, BigInt(10 * round + index + 1) * 10n ** 6n);
    }
  }

  it("serves what it copied, streams what comes, and stops on SIGTERM", async () => {
    const indexer = await startIndexerProcess(setting);
    const client = createIndexerClient({ url: indexer.url });
    await sale.buy(chain.buyers[0] as `0x${string}`, 5n * 10n ** 6n);

    const stopStream = new AbortController();
    const streamed: EntryJson[] = [];
    const stream = (async () => {
      for await (const event of client.events(sale.sale, { after: 0, signal: stopStream.signal })) {
        if (event.event === "entry") streamed.push(event.data);
      }
    })();
    await until(
      () => Promise.resolve(streamed.length),
      (count) => count === 1,
    );
    await sale.buy(chain.buyers[1] as `0x${string}`, 7n * 10n ** 6n);
    await until(
      () => Promise.resolve(streamed.length),
      (count) => count === 2,
    );
    stopStream.abort();
    await stream;

    const stats = await client.sale(sale.sale);
    expect(stats.history).to.equal((await sale.truth()).history);
    expect(stats.lag?.blocks).to.equal(0);
    const position = await client.position(sale.sale, chain.buyers[1] as `0x${string}`);
    expect(position?.paid).to.equal("7000000");
    await until(client.ready, ({ ready }) => ready);

    indexer.kill("SIGTERM");
    expect(await indexer.ended).to.deep.equal({ code: 0, signal: null });
  });

  it("looks sooner when a node tells of a block, and believes nothing else of a socket", async () => {
    const liar = await startSocketServer();
    const own = await chain.deploySale();
    const { port } = new URL(chain.url);
    const [nowhere] = await freePorts(1);
    const indexer = await startIndexerProcess({
      ...{ ...setting, databaseUrl: await testDatabase(), records: [own.record] },
      env: {
        POLL_MS: "600000",
        RPC_WS_URL: `ws://127.0.0.1:${port},${liar.url},ws://127.0.0.1:${String(nowhere)}`,
      },
    });
    const client = createIndexerClient({ url: indexer.url });
    const isTrue = async () => {
      const { history } = await own.truth();
      return until(
        () => client.sale(own.sale),
        (stats) => stats.history === history && stats.status === "live",
      );
    };
    await isTrue();
    await own.buy(chain.buyers[2] as `0x${string}`, 3n * 10n ** 6n);
    const { head } = await isTrue();

    // A block that there is not, of a chain that there is not.
    const fork = { number: "0x1", hash: `0x${"66".repeat(32)}`, parentHash: `0x${"77".repeat(32)}` };
    const socket = await liar.next();
    socket.send(JSON.stringify({ method: "eth_subscription", params: { result: fork } }));
    await socket.taken();
    socket.die();
    await own.buy(chain.buyers[2] as `0x${string}`, 4n * 10n ** 6n);
    expect((await isTrue()).head.number).to.be.greaterThan(head.number);
    indexer.kill("SIGTERM");
    expect((await indexer.ended).code).to.equal(0);
    await liar.close();
  });

  it("only reads where nothing can be written, and tells what the writer copies", async () => {
    const own = await chain.deploySale();
    const databaseUrl = await testDatabase();
    const writer = await startIndexerProcess({ ...setting, databaseUrl, records: [own.record] });
    const readerUrl = await readerOf(databaseUrl);
    const reader = await startIndexerProcess({ ...setting, databaseUrl: readerUrl, records: [own.record] });
    const client = createIndexerClient({ url: reader.url });

    const stop = new AbortController();
    const buyer = chain.buyers[3] as `0x${string}`;
    await own.fund(buyer, 10n ** 7n);
    const told: string[] = [];
    const stream = (async () => {
      for await (const event of client.events(own.sale, { after: 0, signal: stop.signal })) {
        if (event.event === "entry") told.push(event.data.amount);
        if (told.length === 2) stop.abort();
      }
    })();
    await own.purchase(buyer, 3n * 10n ** 6n);
    await own.purchase(buyer, 4n * 10n ** 6n);
    await stream;
    expect(told).to.deep.equal(["3000000", "4000000"]);
    const ready = await until(client.ready, (one) => one.ready);
    expect(ready.checks.map(({ name }) => name)).not.to.include("polling");

    for (const one of [reader, writer]) one.kill("SIGTERM");
    expect([(await reader.ended).code, (await writer.ended).code]).to.deep.equal([0, 0]);
  });

  it("takes over when the process that copies is killed, and goes on where it stopped", async () => {
    const own = await chain.deploySale();
    const shared = { ...setting, databaseUrl: await testDatabase(), records: [own.record] };
    const first = await startIndexerProcess(shared);
    const second = await startIndexerProcess({ ...shared, env: { POLL_MS: "600000" } });
    const [one, other] = [first, second].map(({ url }) => createIndexerClient({ url }));
    if (one === undefined || other === undefined) throw new Error("no client");
    const buyer = chain.buyers[4] as `0x${string}`;
    await own.buy(buyer, 3n * 10n ** 6n);
    const entries = async (client: typeof one) => (await client.sale(own.sale)).entries;
    await until(
      () => entries(one),
      (count) => count === 1,
    );
    expect(await entries(other)).to.equal(1);
    await own.buy(buyer, 4n * 10n ** 6n);
    first.kill("SIGKILL");
    await first.ended;
    // It would not look again for ten minutes: the database hands the lease on.
    await until(
      async () => (await fetch(`${second.url}/metrics`)).text(),
      (text) => text.includes("slipway_indexer_writing 1"),
    );
    await until(
      () => entries(other),
      (count) => count === 2,
    );
    // One that waits for the lease ends as well.
    const third = await startIndexerProcess(shared);
    third.kill("SIGTERM");
    expect(await third.ended).to.deep.equal({ code: 0, signal: null });
    second.kill("SIGTERM");
    expect((await second.ended).code).to.equal(0);
  });

  it("loses and doubles nothing when killed at any time", async () => {
    for (let kills = 0; kills < 4; kills++) {
      const indexer = await startIndexerProcess(setting);
      const client = createIndexerClient({ url: indexer.url });
      const { entries } = await client.sale(sale.sale);
      const buying = buyTen(kills);
      await until(
        () => client.sale(sale.sale),
        (stats) => stats.entries > entries + kills,
      );
      indexer.kill("SIGKILL");
      await Promise.all([indexer.ended, buying]);
    }

    const indexer = await startIndexerProcess(setting);
    const client = createIndexerClient({ url: indexer.url });
    const { history, raised } = await sale.truth();
    await until(
      () => client.sale(sale.sale),
      (stats) => stats.history === history && stats.status === "live",
    );
    let replayed = replayStart(sale.record);
    for await (const entry of client.allEntries(sale.sale, { limit: 7 })) {
      expect(entry.sequence).to.equal(replayed.sequence + 1);
      replayed = replayEntry(replayed, {
        ...entry,
        nonce: BigInt(entry.nonce),
        amount: BigInt(entry.amount),
      });
    }
    expect(replayed.history).to.equal(history);
    expect(replayed.raised).to.equal(raised);
    expect(replayed.sequence).to.equal(42);
    indexer.kill("SIGINT");
    expect((await indexer.ended).code).to.equal(0);
  });

  it("makes a copy anew only in the database named, of a sale that is there, and while nobody copies", async () => {
    const own = { ...setting, databaseUrl: await testDatabase() };
    const indexer = await startIndexerProcess(own);
    await until(
      async () => (await fetch(`${indexer.url}/metrics`)).text(),
      (text) => text.includes("slipway_indexer_writing 1"),
    );
    const resync = async (what: string, more: Partial<IndexerSetting> = {}) => {
      const { code, stderr, stdout } = await runIndexerProcess({ ...own, args: ["resync", what], ...more });
      return { code, refused: /\[([a-z-]+)\]/.exec(stderr)?.[1], stdout };
    };
    const name = new URL(own.databaseUrl).pathname;
    for (const [what, wanted] of [
      ["nonsense", "sale-unknown"],
      [chain.deployer, "sale-unknown"],
      [sale.sale, "indexer-running"],
      ["all", "indexer-running"],
    ] as const) {
      const { code, refused, stdout } = await resync(what);
      expect([what, code, refused]).to.deep.equal([what, 1, wanted]);
      expect(stdout)
        .to.match(/^Database: /)
        .and.to.contain(name);
      expect(stdout).not.to.contain(new URL(own.databaseUrl).password);
    }
    const nowhere = await resync("all", { cwd: tmpdir(), env: { DATABASE_URL: "" } });
    expect(nowhere).to.deep.equal({ code: 1, refused: "database-unnamed", stdout: "" });

    indexer.kill("SIGTERM");
    await indexer.ended;
    const { code, stdout } = await resync(sale.sale);
    expect([code, stdout.includes("is forgotten")]).to.deep.equal([0, true]);
  });

  it("explains a start that cannot be", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => busy.once("listening", done));
    const port = String((busy.address() as { port: number }).port);
    // The same code and terms, created by somebody's account.
    const { abi, bytecode } = contractArtifact("Sale.sol/Sale");
    const hash = await chain.client.deployContract({
      ...{ abi, bytecode, args: [sale.record.terms], account: chain.deployer },
    });
    const lookAlike = (await chain.client.waitForTransactionReceipt({ hash })).contractAddress;
    if (lookAlike == null) throw new Error("no look-alike");
    const failures = await Promise.all([
      runIndexerProcess({ ...setting, env: { PORT: port } }),
      runIndexerProcess({ ...setting, rpcUrl: "", env: { POLL_MS: "soon" } }),
      runIndexerProcess({ ...setting, env: { RPC_WS_URL: chain.url } }),
      runIndexerProcess({ ...setting, env: { LAUNCH_RECORD: "/nowhere/record.json" } }),
      runIndexerProcess({ ...setting, env: { FINALITY_DEPTH: "" } }),
      runIndexerProcess({ ...setting, args: ["dance"] }),
      runIndexerProcess({ ...setting, records: [{ ...sale.record, sale: chain.deployer }] }),
      runIndexerProcess({ ...setting, records: [{ ...sale.record, termsHash: `0x${"11".repeat(32)}` }] }),
      runIndexerProcess({ ...setting, records: [{ ...sale.record, currency: chain.deployer }] }),
      runIndexerProcess({
        ...{ ...setting, records: [{ ...sale.record, sale: getAddress(lookAlike), token: zeroAddress }] },
      }),
    ]);
    busy.close();
    // What has no code is shown whole.
    const codes = failures.map(({ stderr }) => /\[([a-z-]+)\]/.exec(stderr)?.[1] ?? stderr);
    expect(failures.map(({ code }) => code)).to.deep.equal(failures.map(() => 1));
    expect(codes).to.deep.equal([
      ...[
        "port-busy",
        "config-invalid",
        "config-invalid",
        "record-unreadable",
        "config-invalid",
        "config-invalid",
        "sale-not-deployed",
      ],
      ...["record-inconsistent", "record-inconsistent", "sale-not-canonical"],
    ]);
  });
});

/** Another role's URL of a database, with the rights of a reader and on transactions that write nothing. */
async function readerOf(databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  const owner = new Client({ connectionString: databaseUrl });
  const admin = new Client({ connectionString: (await testCluster()).adminUrl });
  await Promise.all([owner.connect(), admin.connect()]);
  const reader = `${url.username}_reader`;
  await admin.query(`CREATE ROLE ${reader} LOGIN PASSWORD '${url.password}'`);
  await admin.query(`ALTER ROLE ${reader} SET default_transaction_read_only = on`);
  await owner.query(`GRANT CONNECT ON DATABASE ${url.pathname.slice(1)} TO ${reader}`);
  await owner.query(`GRANT USAGE ON SCHEMA slipway_indexer TO ${reader}`);
  await owner.query(`GRANT SELECT ON ALL TABLES IN SCHEMA slipway_indexer TO ${reader}`);
  await Promise.all([owner.end(), admin.end()]);
  url.username = reader;
  return url.href;
}
