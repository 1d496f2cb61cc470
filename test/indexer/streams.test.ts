import { expect } from "chai";
import { connect } from "node:net";
import type { AppOptions } from "../../src/indexer/app.ts";
import type { Queries } from "../../src/indexer/queries.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import { startIndexerChain, type IndexerChain, type TestSale } from "../support/indexerChain.ts";
import { indexerUnderTest } from "../support/indexerUnderTest.ts";
import { serveIndexer } from "../support/serveIndexer.ts";

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

describe("indexer: event streams", () => {
  let chain: IndexerChain;
  let sale: TestSale;
  let indexer: Awaited<ReturnType<typeof indexerUnderTest>>;
  let listeners: Set<() => void>;
  let asked: string[];
  let slowMs: number;
  const open: { close: () => Promise<void> }[] = [];

  before(async () => {
    chain = await startIndexerChain();
    sale = await chain.deploySale();
    for (const buyer of chain.buyers.slice(0, 3)) await sale.buy(buyer, 10n ** 6n);
    indexer = await indexerUnderTest({ urls: [chain.url], records: [sale.record] });
    await indexer.catchUp();
  });
  beforeEach(() => {
    [listeners, asked, slowMs] = [new Set(), [], 0];
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await indexer.database.query("UPDATE sales SET quarantine = NULL");
  });
  after(async () => {
    await indexer.close();
    await chain.close();
  });

  async function serve(more: Partial<AppOptions> = {}) {
    const queries = Object.fromEntries(
      Object.entries(indexer.queries).map(([name, ask]) => [
        name,
        async (...args: never[]) => {
          asked.push(name);
          if (slowMs > 0) await pause(slowMs);
          return (ask as (...given: never[]) => unknown)(...args);
        },
      ]),
    ) as Queries;
    const server = await serveIndexer({ ...indexer, queries }, [sale.record], undefined, {
      changes: {
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        stop: () => Promise.resolve(),
      },
      ...more,
    });
    open.push(server);
    return server;
  }
  const change = () => {
    for (const listener of listeners) listener();
  };
  async function stream(url: string, query = "", headers: Record<string, string> = {}) {
    const left = new AbortController();
    const answer = await fetch(`${url}/v1/sales/${sale.sale}/events${query}`, {
      headers,
      signal: left.signal,
    });
    let text = "";
    const read = (async () => {
      for await (const part of answer.body ?? []) text += Buffer.from(part as Uint8Array).toString();
      return "ended";
    })().catch(() => "broken");
    return {
      answer,
      read,
      text: () => text,
      leave: () => {
        left.abort();
      },
    };
  }
  async function until(holds: () => boolean): Promise<void> {
    for (let tries = 0; !holds(); tries++) {
      if (tries > 200) throw new Error("not in time");
      await pause(10);
    }
  }
  /** Without a stream: what the service itself listens to. */
  const own = 1;

  it("begin at the last entry where asked for what comes after it, in a few questions", async () => {
    const { url } = await serve();
    for (const query of ["?after=3", "?after=4", "?after=999999999999999"]) {
      const { text, leave } = await stream(url, query);
      await until(() => text().includes("event: stats"));
      expect(text()).not.to.contain("event: entry");
      leave();
    }
    expect(asked.length).to.be.below(20);
    const quiet = asked.length;
    await pause(50);
    expect(asked.length).to.equal(quiet);
  });

  it("go back to the last final entry, and to no other, where a Last-Event-ID is of another chain", async () => {
    await indexer.database.query(
      "UPDATE chain SET anchor_number = (SELECT block_number FROM entries WHERE sequence = 1)",
    );
    await indexer.database.query("UPDATE sales SET proved_to = 1000000");
    const { url } = await serve();
    for (const sequence of ["3", "2", "999999999999999"]) {
      const { text, leave } = await stream(url, "", { "last-event-id": `${sequence}-0x${"66".repeat(19)}` });
      await until(() => text().includes("event: stats"));
      expect([...text().matchAll(/^id: (\d+)-/gm)].map(([, id]) => id)).to.deep.equal(["2", "3"]);
      leave();
    }
    expect(asked.length).to.be.below(25);
  });

  it("send again from where the chain was reorganised, however many are open, for a few questions", async () => {
    const { url } = await serve();
    const streams = await Promise.all(Array.from({ length: 50 }, () => stream(url, "?after=0")));
    await until(() => streams.every(({ text }) => text().includes("event: stats")));
    const { rows } = await indexer.database.query<{ history: Buffer }>(
      "SELECT history FROM entries WHERE sequence = 3",
    );
    await indexer.database.query("UPDATE entries SET history = '\\x66' WHERE sequence = 3");
    asked.length = 0;
    change();
    await until(() => streams.every(({ text }) => text().includes("id: 3-0x66")));
    await pause(50);
    expect(asked.length).to.be.below(10);
    for (const { text } of streams) {
      expect([...text().matchAll(/^id: (\d+)-/gm)].map(([, id]) => id)).to.deep.equal(["1", "2", "3", "3"]);
    }
    await indexer.database.query("UPDATE entries SET history = $1 WHERE sequence = 3", [rows[0]?.history]);
    for (const { leave } of streams) leave();
  });

  it("leave nothing behind: not where a client left before it began, nor where we stop", async () => {
    const server = await serve();
    slowMs = 100;
    for (let client = 0; client < 20; client++) {
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(`GET /v1/sales/${sale.sale}/events HTTP/1.1\r\nHost: x\r\n\r\n`);
      setTimeout(() => socket.destroy(), 50);
    }
    await pause(400);
    slowMs = 0;
    expect(listeners.size).to.equal(own);

    const { text, leave } = await stream(server.url);
    await until(() => text().includes("event: stats"));
    expect(listeners.size).to.equal(own + 1);
    leave();
    await until(() => listeners.size === own);

    const { read } = await stream(server.url);
    await until(() => listeners.size === own + 1);
    await open.pop()?.close();
    expect(await read).to.equal("broken");
    expect(listeners.size).to.equal(own);
    await pause(50);
    const quiet = asked.length;
    change();
    await pause(50);
    expect(asked.length).to.equal(quiet);
  });

  it("are so many of one network, and so many in all", async () => {
    const { url } = await serve({ streams: { most: 3, mostOfClient: 2 }, trustedProxies: ["127.0.0.1"] });
    const from = (ip: string) => stream(url, "", { "x-forwarded-for": ip });
    const refused = async ({ answer, text, read }: Awaited<ReturnType<typeof stream>>) => {
      await read;
      const { code } = JSON.parse(text()) as { code: string };
      return [answer.status, code, answer.headers.get("retry-after")];
    };
    const first = await from("2001:db8::1");
    await from("2001:db8::2");
    expect(await refused(await from("2001:db8::3"))).to.deep.equal([429, "too-many-streams", "30"]);
    const third = await from("2001:db8:0:1::1");
    expect(third.answer.status).to.equal(200);
    expect(await refused(await from("192.0.2.1"))).to.deep.equal([503, "streams-full", "30"]);
    first.leave();
    await until(() => listeners.size === own + 2);
    expect((await from("2001:db8::3")).answer.status).to.equal(200);
  });

  it("end with the reason where the sale is quarantined, and without a word where it is read anew", async () => {
    const { url } = await serve();
    const [one, other] = [await stream(url), await stream(url)];
    await until(() => [one, other].every(({ text }) => text().includes("event: stats")));
    const stop = { code: "history-mismatch", reason: "a test", wayOut: "none" };
    await indexer.database.query("UPDATE sales SET quarantine = $1", [stop]);
    change();
    expect([await one.read, await other.read]).to.deep.equal(["ended", "ended"]);
    expect(one.text()).to.match(/event: stats\ndata: .*"status":"quarantined","reason":"a test".*\n\n$/);

    await indexer.database.query("UPDATE sales SET quarantine = NULL");
    const third = await stream(url);
    await until(() => third.text().includes("event: stats"));
    const said = third.text();
    await indexer.database.query("UPDATE sales SET copied_to = copied_to - 1000");
    change();
    expect(await third.read).to.equal("ended");
    expect(third.text()).to.equal(said);
    await indexer.database.query("UPDATE sales SET copied_to = copied_to + 1000");
  });

  it("are opened again by the client not before it may", async () => {
    const answers = [
      new Response(JSON.stringify({ code: "streams-full" }), {
        status: 503,
        headers: { "retry-after": "2" },
      }),
      new Response("event: stats\ndata: {}\n\n"),
    ];
    const times: number[] = [];
    const client = createIndexerClient({
      url: "http://indexer.example",
      fetch() {
        times.push(Date.now());
        return Promise.resolve(answers.shift() ?? Response.error());
      },
    });
    const stop = new AbortController();
    for await (const event of client.events(sale.sale, { signal: stop.signal })) {
      expect(event.event).to.equal("stats");
      stop.abort();
    }
    expect((times[1] ?? 0) - (times[0] ?? 0)).to.be.at.least(1_990);
  });
});
