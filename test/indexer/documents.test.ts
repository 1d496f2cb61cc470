import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { getAddress } from "viem";
import demo from "../../launch.config.ts";
import type { RpcAnswer } from "../../src/chain/rpcSource.ts";
import { createApp } from "../../src/indexer/app.ts";
import { createDocuments } from "../../src/indexer/documents.ts";
import type { Queries } from "../../src/indexer/queries.ts";
import { createStatus } from "../../src/indexer/status.ts";
import type { SignedDocument } from "../../src/sdk/documents/Document.ts";
import type { DocumentsJson } from "../../src/sdk/indexerApi.ts";
import { indexerError } from "../../src/sdk/indexerErrors.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { instantClock } from "../support/indexerUnderTest.ts";
import { documentDesk, people } from "../support/signedDocuments.ts";

/** A contract wallet, by what the node of the test answers for it. */
const wallet = getAddress(`0xc0${"0".repeat(38)}`);
const record = {
  ...{ chainId: 31337, sale: people.stranger.address, termsHash: `0x${"ab".repeat(32)}` },
  terms: { ...demo, payout: { ...demo.payout, treasury: wallet } },
} as unknown as LaunchRecord;
const desk = documentDesk(record);

type Node = (to: string) => { code: string; answer: RpcAnswer };
const YES = `0x1626ba7e${"0".repeat(56)}`;
/** Has the wallet, which says yes to everything. */
const honest: Node = (to) => ({
  code: to === wallet ? "0x60" : "0x",
  answer: { ok: true, result: to === wallet ? YES : "0x" },
});
const silence: Node = () => {
  throw indexerError("rpc-unreachable", "gone");
};
const markup = `<script>alert("1")</script> & ]]>`;

describe("indexer: signed documents", () => {
  let folder: string;
  let now: number;
  /** What each node does when an address is asked for its code and whether it has signed. */
  let nodes: Node[];
  let logged: unknown[];
  let app: ReturnType<typeof createApp>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-served-"));
    mkdirSync(join(folder, record.sale));
    now = 0;
    nodes = [honest, honest];
    logged = [];
    const clock = { ...instantClock(), now: () => now };
    const documents = createDocuments({
      ...{ folder, clock, records: [record], platform: people.platform.address },
      rpc: {
        sources: [0, 1].map((index) => ({
          ...{ name: `node ${String(index)}`, hungAt: undefined },
          send: async (calls) => {
            await Promise.resolve();
            return calls.map(({ method, params: [of] }) => {
              const to = typeof of === "string" ? of : (of as { to: string }).to;
              const said = (nodes[index] ?? silence)(to);
              return method === "eth_getCode" ? { ok: true, result: said.code } : said.answer;
            });
          },
        })),
      },
      log: { warn: (fields: { problem?: { code: string } }) => logged.push(fields.problem?.code) } as never,
    });
    app = createApp({
      ...{ documents, clock, records: [record], status: createStatus(), corsOrigins: [] },
      queries: {} as Queries,
      changes: { subscribe: () => () => undefined, stop: () => Promise.resolve() },
    });
  });
  afterEach(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A second later, so that it is seen. */
  function put(name: string, document: unknown): void {
    writeFileSync(join(folder, record.sale, `${name}.json`), JSON.stringify(document));
    now += 1_000;
  }
  async function get(path: string) {
    const { statusCode, body, headers } = await app.inject(path);
    return { statusCode, body, type: headers["content-type"] };
  }
  const served = async (): Promise<DocumentsJson> =>
    JSON.parse((await get(`/v1/sales/${record.sale}/documents`)).body) as DocumentsJson;

  it("are served as soon as they lie in the folder, each with its chain, sale and signer checked", async () => {
    expect(await served()).to.deep.equal({
      profile: null,
      updates: [],
      reviews: [],
      criteria: null,
      refused: 0,
    });
    expect((await get("/v1/criteria")).statusCode).to.equal(404);
    const { owner } = people;
    const [profile, first] = [await desk.profile({}, owner), await desk.update()];
    const [review, criteria, second] = [await desk.review(), await desk.criteria(), await desk.update(first)];
    const all = { profile, first, second, review, criteria };
    for (const [name, document] of Object.entries(all)) put(name, document);
    const counted = { profile, updates: [first, second], reviews: [review], criteria };
    expect(await served()).to.deep.equal({ ...counted, refused: 0 });
    expect(JSON.parse((await get("/v1/criteria")).body)).to.deep.equal(criteria);

    put("first", { ...first, message: { ...first.message, issuedAt: 99 } });
    put("stranger", await desk.profile({ version: 7 }, people.stranger));
    put("foreign", { ...(await desk.update()), chainId: 1 });
    put("broken", "no document");
    expect(await served()).to.deep.include({ profile, updates: [], criteria });
    expect((await served()).refused).to.equal(5);
    expect(new Set(logged)).to.include.keys(
      "document-signer",
      "document-not-chained",
      "document-of-other-chain",
    );
    expect((await get(`/v1/sales/${people.owner.address}/documents`)).statusCode).to.equal(404);
  });

  it("ask a contract wallet, and say nothing while no node answers", async () => {
    const update: SignedDocument = { ...(await desk.update()), signer: wallet, signature: "0x1234" };
    put("first", update);
    expect((await served()).updates).to.deep.equal([update]);

    const refuse: Node = () => ({ code: "0x60", answer: { ok: false, error: { code: 3, message: "no" } } });
    nodes = [refuse, refuse];
    now += 600_000;
    expect((await served()).updates).to.deep.equal([]);

    nodes = [silence, silence];
    now += 600_000;
    expect((await get(`/v1/sales/${record.sale}/documents`)).statusCode).to.equal(503);
    nodes = [silence, honest];
    expect((await served()).updates).to.deep.equal([update]);
    const no: Node = () => ({ code: "0x60", answer: { ok: true, result: "0x" } });
    nodes = [no, no];
    now += 600_000;
    expect(await served()).to.deep.include({ updates: [], refused: 1 });
  });

  it("of a contract wallet count only where every node that answers says so", async () => {
    const update: SignedDocument = { ...(await desk.update()), signer: wallet, signature: "0x1234" };
    put("first", update);
    const refuse: Node = () => ({ code: "0x60", answer: { ok: false, error: { code: 3, message: "no" } } });
    for (const two of [
      [honest, refuse],
      [refuse, honest],
    ]) {
      nodes = two;
      now += 600_000;
      expect(await served()).to.deep.include({ updates: [], refused: 1 });
    }
  });

  it("of a signer without code count by its key alone, also where a node forges its answer", async () => {
    const { owner } = people;
    const signed = await desk.update(undefined, {}, owner);
    const texts = [{ language: "en", title: "Send money here", body: "0xattacker" }];
    put("first", { ...signed, message: { ...signed.message, texts } });
    const liar: Node = () => ({ code: "0x60", answer: { ok: true, result: YES } });
    const withoutCode: Node = () => ({ code: "0x", answer: { ok: true, result: YES } });
    for (const two of [
      [liar, honest],
      [honest, liar],
      [withoutCode, withoutCode],
    ]) {
      nodes = two;
      now += 600_000;
      expect(await served()).to.deep.include({ updates: [], refused: 1 });
    }
    // By key no node is asked.
    put("first", signed);
    nodes = [silence, silence];
    expect((await served()).updates).to.deep.equal([signed]);
  });

  it("give the updates as RSS in several languages, with any text as text", async () => {
    const texts = [
      { language: "en", title: markup, body: `${markup}\nnext` },
      { language: "es", title: "Novedades", body: "Texto" },
    ];
    const first = await desk.update(undefined, { texts });
    put("first", first);
    put("second", await desk.update(first));
    const path = `/v1/sales/${record.sale}/updates.rss`;
    const { body, type } = await get(path);
    expect(type).to.contain("application/rss+xml");
    expect(body)
      .not.to.contain("<script")
      .and.not.to.contain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\n");
    // For readers of HTML: escaped twice, so that they show it.
    expect(body)
      .to.contain("<description>&amp;lt;script&amp;gt;")
      .and.to.contain("&lt;br&gt;next</description>");
    expect(body.indexOf("News 2")).to.be.lessThan(body.indexOf("alert"));
    // Whoever asks, under whatever name, gets the same links.
    const asked = await app.inject({ url: path, headers: { host: "evil.example" } });
    expect(asked.body)
      .to.contain(`<link>/v1/sales/${record.sale}/documents</link>`)
      .and.not.to.contain("evil.example");
    expect((await get(`${path}?language=es-MX`)).body).to.contain("<title>Novedades</title>");
    expect((await get(`${path}?language=<x>`)).statusCode).to.equal(400);
  });
});
