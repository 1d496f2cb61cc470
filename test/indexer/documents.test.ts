import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { getAddress } from "viem";
import demo from "../../launch.config.ts";
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
const markup = `<script>alert("1")</script> & ]]>`;

describe("indexer: signed documents", () => {
  let folder: string;
  let now: number;
  /** What the node does when the wallet is asked. */
  let answer: () => unknown;
  let logged: unknown[];
  let app: ReturnType<typeof createApp>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-served-"));
    mkdirSync(join(folder, record.sale));
    now = 0;
    answer = () => `0x1626ba7e${"0".repeat(56)}`;
    logged = [];
    const clock = { ...instantClock(), now: () => now };
    const documents = createDocuments({
      ...{ folder, clock, records: [record], platform: people.platform.address },
      rpc: {
        request: ({ params: [call] }) =>
          Promise.resolve((call as { to: string }).to === wallet ? undefined : "0x").then(
            (no) => no ?? answer(),
          ),
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

    answer = () => {
      throw indexerError("rpc-refused", "reverted");
    };
    now += 600_000;
    expect((await served()).updates).to.deep.equal([]);

    answer = () => {
      throw indexerError("rpc-unreachable", "gone");
    };
    now += 600_000;
    expect((await get(`/v1/sales/${record.sale}/documents`)).statusCode).to.equal(503);
    answer = () => `0x1626ba7e${"0".repeat(56)}`;
    expect((await served()).updates).to.deep.equal([update]);
    answer = () => "0x";
    now += 600_000;
    expect(await served()).to.deep.include({ updates: [], refused: 1 });
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
    expect((await get(`${path}?language=es-MX`)).body).to.contain("<title>Novedades</title>");
    expect((await get(`${path}?language=<x>`)).statusCode).to.equal(400);
  });
});
