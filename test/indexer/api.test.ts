import { expect } from "chai";
import type { Address } from "viem";
import { createPool } from "../../src/database/pool.ts";
import { createQueries } from "../../src/indexer/queries.ts";
import { indexerErrors } from "../../src/sdk/indexerErrors.ts";
import type { Chart } from "../../src/sdk/indexerApi.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { indexerUnderTest, instantClock } from "../support/indexerUnderTest.ts";
import { serveIndexer } from "../support/serveIndexer.ts";
import { slipwayCodeOf } from "../support/slipwayCodeOf.ts";

type Problem = { code: string; status: number; wayOut: string; fields?: { field: string }[] };

describe("indexer: the API", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let indexer: Awaited<ReturnType<typeof indexerUnderTest>>;
  let server: Awaited<ReturnType<typeof serveIndexer>>;

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    const [first, second, third] = chain.buyers as [Address, Address, Address];
    for (const [buyer, amount] of [...[first, second, third].map((each) => [each, 1n]), [first, 2n]] as [
      Address,
      bigint,
    ][]) {
      // A quick machine mines them all in one second, else.
      await chain.client.increaseTime({ seconds: 10 });
      await sale.buy(buyer, amount * 10n ** 6n);
    }
    indexer = await indexerUnderTest({ urls: [chain.url], records: [sale.record] });
    await indexer.catchUp();
    server = await serveIndexer(indexer, [sale.record]);
  });
  after(async () => {
    await server.close();
    await indexer.close();
    await chain.close();
  });

  /** What the writer of another process noted. */
  async function seen(...head: (number | null)[]): Promise<void> {
    await indexer.database.query("UPDATE chain SET seen_number = $1, seen_time = $2, seen_at = $3", head);
  }

  async function problemAt(path: string): Promise<[number, string, string[]]> {
    const response = await fetch(`${server.url}${path}`);
    const { code, status, wayOut, fields = [] } = (await response.json()) as Problem;
    expect(response.headers.get("content-type")).to.contain("application/problem+json");
    expect([status, wayOut === ""]).to.deep.equal([response.status, false]);
    return [response.status, code, fields.map(({ field }) => field)];
  }

  const wrong: [string, [number, string, string[]]][] = [
    ["entries?after=-1&limit=0", [400, "input-invalid", ["after", "limit"]]],
    ["entries?limit=1001", [400, "input-invalid", ["limit"]]],
    ["entries?after=9999999999999999999", [400, "input-invalid", ["after"]]],
    [
      "entries?buyer=0x12&order=0x12&transaction=x",
      [400, "input-invalid", ["buyer", "order", "transaction"]],
    ],
    ["entries?limit=1&limit=2", [400, "input-invalid", ["limit"]]],
    ["positions?after=nobody", [400, "input-invalid", ["after"]]],
    ["positions/0x12", [400, "input-invalid", ["buyer"]]],
    [`positions/0x${"12".repeat(20)}`, [404, "position-unknown", []]],
    ["log?after=1&name='", [400, "input-invalid", ["after", "name"]]],
    ["entries?buyr=0x12&limit=1&page=2", [400, "input-invalid", ["buyr", "page"]]],
    ["supply?at=7", [400, "input-invalid", ["at"]]],
    ["entries.csv?limit=1", [400, "input-invalid", ["limit"]]],
    ["entries/1/proof?sequence=2", [400, "input-invalid", ["sequence"]]],
    ["events?from=1", [400, "input-invalid", ["from"]]],
    ["events?after=soon", [400, "input-invalid", ["after"]]],
    ["nothing", [404, "not-found", []]],
  ];
  for (const [path, answer] of wrong) {
    it(`answers ${path} with ${answer[1]}`, async () => {
      expect(await problemAt(`/v1/sales/${sale.sale}/${path}`)).to.deep.equal(answer);
    });
  }
  it("names the field when the sale is none, and says so when it is another's", async () => {
    expect(await problemAt("/v1/sales/0x12")).to.deep.equal([400, "input-invalid", ["sale"]]);
    expect(await problemAt(`/v1/sales/${chain.deployer}`)).to.deep.equal([404, "sale-unknown", []]);
  });
  it("answers a path that is no URL as any other problem", async () => {
    expect(await problemAt("/%")).to.deep.equal([400, "input-invalid", []]);
  });
  it("says to caches that an answer is for one origin, to whomever it goes", async () => {
    const open = await serveIndexer(indexer, [sale.record], undefined, {
      corsOrigins: ["https://a.example"],
    });
    for (const origin of [undefined, "https://a.example", "https://b.example"]) {
      const { headers } = await fetch(
        `${open.url}/v1/sales`,
        origin === undefined ? {} : { headers: { origin } },
      );
      expect(headers.get("vary")).to.equal("Origin");
      const allowed = origin === "https://a.example" ? origin : null;
      expect(headers.get("access-control-allow-origin")).to.equal(allowed);
    }
    await open.close();
  });
  it("tells of a node's failure in our own words", async () => {
    const message = `https://node.example/v3/SECRETKEY ${"A".repeat(300_000)}`;
    server.status.failure = { code: "rpc-refused", message, wayOut: indexerErrors["rpc-refused"].wayOut };
    try {
      const text = await (await fetch(`${server.url}/readyz`)).text();
      expect(text).to.contain(`rpc-refused: ${indexerErrors["rpc-refused"].title}`);
      expect(text).not.to.contain("SECRETKEY");
    } finally {
      server.status.failure = undefined;
    }
  });
  it("refuses a Last-Event-ID that is none", async () => {
    const headers = { "last-event-id": "7" };
    const response = await fetch(`${server.url}/v1/sales/${sale.sale}/events`, { headers });
    expect(((await response.json()) as Problem).code).to.equal("input-invalid");
  });

  it("pages entries and positions without a gap, and filters by buyer, order and transaction", async () => {
    const client = createIndexerClient({ url: server.url });
    const all = await client.entries(sale.sale);
    const paged = [];
    for await (const entry of client.allEntries(sale.sale, { limit: 1 })) paged.push(entry);
    expect(paged).to.deep.equal(all.entries);

    const [first, second] = all.entries;
    const buyer = chain.buyers[0] as Address;
    const ofBuyer = await client.entries(sale.sale, { buyer });
    expect(ofBuyer.entries.map(({ sequence }) => sequence)).to.deep.equal([1, 4]);
    if (first === undefined || second === undefined) throw new Error("no entries");
    expect((await client.entries(sale.sale, { order: second.orderId })).entries).to.deep.equal([second]);
    expect((await client.entries(sale.sale, { transaction: first.transaction })).entries).to.deep.equal([
      first,
    ]);

    const buyers = [];
    for await (const position of client.allPositions(sale.sale)) buyers.push(position.buyer);
    expect(buyers.sort()).to.deep.equal(chain.buyers.slice(0, 3).sort());
  });

  it("tells anybody what doctor compares", async () => {
    const { chainId, sale: address, termsHash, policyHash } = sale.record;
    const { number, timestamp } = await chain.client.getBlock();
    expect(await (await fetch(`${server.url}/v1/status`)).json()).to.deep.equal({
      ...{ chainId, sales: [{ sale: address, termsHash, policyHash }], clock: 0 },
      head: { number: Number(number), time: Number(timestamp) },
      origins: [],
    });
  });

  it("resumes a stream after the entry that was seen last", async () => {
    const client = createIndexerClient({ url: server.url });
    const { entries } = await client.entries(sale.sale);
    const headers = { "last-event-id": `2-${String(entries[1]?.history)}` };
    const stop = new AbortController();
    const response = await fetch(`${server.url}/v1/sales/${sale.sale}/events`, {
      headers,
      signal: stop.signal,
    });
    let text = "";
    for await (const part of response.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString();
      if (text.includes("event: stats")) break;
    }
    stop.abort();
    expect([...text.matchAll(/^id: (\d+)-/gm)].map(([, sequence]) => sequence)).to.deep.equal(["3", "4"]);
  });

  it("answers 304 to who has the answer already, and not to who has another", async () => {
    const url = `${server.url}/v1/sales/${sale.sale}/entries`;
    const first = await fetch(url);
    const tag = first.headers.get("etag") ?? "";
    const again = await fetch(url, { headers: { "if-none-match": `"other", W/${tag}` } });
    expect([again.status, await again.text()]).to.deep.equal([304, ""]);
    expect((await fetch(url, { headers: { "if-none-match": '"other"' } })).status).to.equal(200);
    expect((await fetch(`${url}?limit=1`)).headers.get("etag")).not.to.equal(tag);
    expect((await fetch(`${url}?limit=0`)).headers.get("etag")).to.equal(null);
  });

  it("exports the history as CSV", async () => {
    const response = await fetch(`${server.url}/v1/sales/${sale.sale}/entries.csv`);
    const [header = "", ...lines] = (await response.text()).trimEnd().split("\n");
    const { entries } = await createIndexerClient({ url: server.url }).entries(sale.sale);
    const rows = lines.map((line) => {
      const cells = line.split(",");
      return Object.fromEntries(header.split(",").map((name, index) => [name, cells[index]]));
    });
    expect(rows).to.deep.equal(
      entries.map(({ block, ...entry }) => ({
        ...Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, String(value)])),
        ...{ block: String(block.number), blockHash: block.hash, blockTime: String(block.time) },
      })),
    );
    expect(response.headers.get("content-type")).to.contain("text/csv");
  });

  it("is described as OpenAPI 3.1 and for people, and serves every path that is", async () => {
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(document.openapi).to.equal("3.1.0");
    const described = Object.entries(document.paths);
    for (const [path] of described) {
      expect(server.serves(path.replaceAll(/\{(\w+)\}/g, ":$1")), path).to.equal(true);
    }
    expect(new Set(described.map(([, { get }]) => get?.operationId)).size).to.equal(described.length);

    const page = await (await fetch(`${server.url}/docs`)).text();
    expect(page).not.to.match(/<script|(src|href)="?https?:/);
    for (const code of Object.keys(indexerErrors)) expect(page).to.contain(`id="${code}"`);
  });

  it("exports entries, positions and log whole, as CSV and as JSON", async () => {
    const read = async (what: string) => (await fetch(`${server.url}/v1/sales/${sale.sale}/${what}`)).text();
    const client = createIndexerClient({ url: server.url });
    const { entries } = await client.entries(sale.sale);
    const { positions } = await client.positions(sale.sale);
    const { events } = await client.log(sale.sale);
    expect(JSON.parse(await read("entries.json"))).to.deep.equal(entries);
    expect(JSON.parse(await read("positions.json"))).to.deep.equal(positions);
    expect(JSON.parse(await read("log.json"))).to.deep.equal(events);
    const [header, first] = (await read("positions.csv")).split("\n");
    expect(header).to.match(/^buyer,paid,/);
    expect(first).to.match(new RegExp(`^${String(positions[0]?.buyer)},${String(positions[0]?.paid)},`));
    expect(await read("log.csv")).to.contain(`sale,OwnershipTransferred,"{""`);
  });

  it("limits what one address may ask, and says when to come again", async () => {
    const limited = await serveIndexer(indexer, [sale.record], undefined, {
      ...{ requestsPerMinute: 2, trustedProxies: ["127.0.0.1"] },
    });
    const ask = async (address: string, path = "/v1/sales") => {
      const response = await fetch(limited.url + path, { headers: { "x-forwarded-for": address } });
      return [response.status, response.headers.get("retry-after")];
    };
    try {
      for (let request = 0; request < 2; request++) expect(await ask("192.0.2.1")).to.deep.equal([200, null]);
      expect(await ask("192.0.2.1")).to.deep.equal([429, "30"]);
      expect(await ask("192.0.2.2")).to.deep.equal([200, null]);
      expect(await ask("192.0.2.1", "/healthz")).to.deep.equal([200, null]);
      for (const last of ["1", "2"]) expect(await ask(`2001:db8::${last}`)).to.deep.equal([200, null]);
      expect(await ask("2001:db8::3")).to.deep.equal([429, "30"]);
      expect(await ask("2001:db8:0:1::3")).to.deep.equal([200, null]);
    } finally {
      await limited.close();
    }
  });

  it("says how far finality is behind, and how long until the listing deadline", async () => {
    const { finality, head, finalised } = await createIndexerClient({ url: server.url }).sale(sale.sale);
    expect(finality).to.deep.equal({
      ...{ blocks: head.number - finalised.number, seconds: head.time - finalised.time },
      ...{ proved: finalised.number, stalled: false },
      deadlineInSeconds: Number(sale.record.terms.listing.deadline) - head.time,
    });
    const elsewhere = createQueries(indexer.database, [{ ...sale.record, chainId: 1 }], instantClock());
    const stalled = async (behind: boolean) =>
      (await elsewhere.sales([sale.sale], behind))[0]?.finality?.stalled;
    await indexer.database.query("UPDATE chain SET anchor_time = anchor_time - 2401");
    expect(await stalled(false)).to.equal(true);
    // A copy that catches up holds old blocks above its anchor.
    expect(await stalled(true)).to.equal(false);
    await indexer.database.query("UPDATE chain SET anchor_time = anchor_time + 2401");
    expect(await stalled(false)).to.equal(false);

    // A chain that makes no blocks finalises none, and its deadline comes nearer all the same.
    await seen(head.number, head.time, finalised.time + 2401);
    const [waiting] = await elsewhere.sales([sale.sale], false);
    expect(waiting?.finality).to.deep.include({
      stalled: true,
      deadlineInSeconds: Number(sale.record.terms.listing.deadline) - finalised.time - 2401,
    });
    await seen(null, null, null);
  });

  it("says how far the copy is behind the chain, whichever process answers", async () => {
    const client = createIndexerClient({ url: server.url });
    const { head, lag, status } = await client.sale(sale.sale);
    expect([lag, status]).to.deep.equal([undefined, "live"]);

    await seen(head.number + 3, head.time + 36, 0);
    const read = async () => {
      const { lag: told, status: now } = await client.sale(sale.sale);
      const metrics = (await (await fetch(`${server.url}/metrics`)).text()).match(/^slipway_indexer_lag.*/gm);
      const { lag: atStatus } = (await (await fetch(`${server.url}/v1/status`)).json()) as { lag: unknown };
      expect(atStatus).to.deep.equal(told);
      return [now, told, metrics];
    };
    const metrics = ["slipway_indexer_lag_blocks 3", "slipway_indexer_lag_seconds 36"];
    expect(await read()).to.deep.equal(["syncing", { blocks: 3, seconds: 36 }, metrics]);

    // No node was reached since, as this clock stands at zero: a pause between looks, and a silence.
    await seen(head.number, head.time, -10);
    expect((await read())[1]).to.deep.equal({ blocks: 0, seconds: 0 });
    await seen(head.number, head.time, -11);
    expect((await read())[1]).to.deep.equal({ blocks: 0, seconds: 11 });
    await seen(null, null, null);
  });

  it("gives the history in steps of equal time, for charts", async () => {
    const { entries } = await createIndexerClient({ url: server.url }).entries(sale.sale);
    const times = entries.map(({ block }) => block.time);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    const read = async (points: number) => {
      const response = await fetch(`${server.url}/v1/sales/${sale.sale}/chart?points=${String(points)}`);
      return ((await response.json()) as Chart).points;
    };
    const points = await read(7);
    const wanted = Array.from({ length: 7 }, (_, index) => {
      const isLast = index === 6;
      const end = first + ((last - first) * (index + 1)) / 7;
      const past = entries.filter(({ block }) => isLast || block.time < end);
      const raised = past.reduce((sum, { amount }) => sum + Number(amount), 0);
      return {
        ...{ time: Math.floor(end), raised: String(raised), entries: past.length, purchases: past.length },
      };
    });
    expect(points).to.deep.equal(wanted);
    expect(points.at(-1)).to.deep.equal({ time: last, raised: "5000000", entries: 4, purchases: 4 });
    expect((await read(2)).map((point) => point.entries).at(-1)).to.equal(4);
    expect(await problemAt(`/v1/sales/${sale.sale}/chart?points=1`)).to.deep.equal([
      ...[400, "input-invalid", ["points"]],
    ]);
  });

  it("tells how much the largest buyers hold", async () => {
    const response = await fetch(`${server.url}/v1/sales/${sale.sale}/concentration`);
    expect(await response.json()).to.deep.equal({
      ...{ buyers: 3, paid: "5000000", largest1: "3000000", largest10: "5000000", largest100: "5000000" },
    });
  });

  it("counts for Prometheus how far the copy is, and whether it stopped", async () => {
    const read = async () => (await fetch(`${server.url}/metrics`)).text();
    const head = Number(await chain.client.getBlockNumber());
    server.status.head = { number: head + 3, time: 0, seenAt: -2000 };
    const text = await read();
    server.status.head = undefined;
    const lines = text.split("\n").filter((line) => !line.startsWith("#"));
    expect(lines).to.include.members([
      `slipway_indexer_copied_block ${String(head)}`,
      "slipway_indexer_seen_seconds 2",
      `slipway_indexer_entries{sale="${sale.sale}"} 4`,
      `slipway_indexer_stopped{sale="${sale.sale}"} 0`,
    ]);
    expect(await read()).not.to.contain("seen_seconds");
  });

  it("refuses the copy of a sale in quarantine, and shows why", async () => {
    const stop = { code: "history-mismatch", reason: "a test", wayOut: "none" };
    await indexer.database.query("UPDATE sales SET quarantine = $1", [stop]);
    try {
      expect(await problemAt(`/v1/sales/${sale.sale}/entries`)).to.deep.equal([503, "sale-quarantined", []]);
      const client = createIndexerClient({ url: server.url });
      expect((await client.sale(sale.sale)).reason).to.equal("a test");
      expect((await client.ready()).ready).to.equal(false);
    } finally {
      await indexer.database.query("UPDATE sales SET quarantine = NULL");
    }
  });

  it("says that the database does not answer", async () => {
    const nowhere = createPool({
      connectionString: "postgresql://nobody@127.0.0.1:1/none",
      applicationName: "nowhere",
    });
    const queries = createQueries(nowhere, [sale.record], instantClock());
    const cutOff = await serveIndexer({ ...indexer, queries }, [sale.record]);
    const client = createIndexerClient({ url: cutOff.url });
    expect(await slipwayCodeOf(client.sale(sale.sale))).to.equal("database-unreachable");
    expect((await client.ready()).checks[0]).to.deep.include({ name: "database", ok: false });
    await cutOff.close();
  });
});
