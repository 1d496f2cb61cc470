import { expect } from "chai";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberToHex, type PublicClient } from "viem";
import { runDoctor, type Diagnosis, type DoctorOptions } from "../../src/launch/doctor/runDoctor.ts";
import { clientOf } from "../../src/hardhat/forkOf.ts";
import { stringify } from "../../src/sdk/json.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { policyHash } from "../../src/sdk/policy.ts";
import { termsHash } from "../../src/sdk/terms.ts";
import { openLaunch, startOpenLaunch } from "../support/listedLaunch.ts";
import { bringSafe } from "../support/realSafe.ts";

/** What a service answers, by path; the origin it lets in. */
type Service = { answers: Record<string, unknown>; origin: string };

describe("launch doctor", () => {
  let world: Awaited<ReturnType<typeof startOpenLaunch>>;
  let chain: PublicClient;
  let record: LaunchRecord;
  let signer: Service;
  let indexer: Service;
  let page: Service;
  let safes: Service;
  let snapshot: unknown;
  const servers: Server[] = [];
  let urls: { signer: string; indexer: string; page: string; safeService: string };

  async function serve(current: () => Service): Promise<string> {
    const server = createServer((request, response) => {
      const { answers, origin } = current();
      const answer = answers[request.url?.split("?")[0] ?? ""];
      response.setHeader("access-control-allow-origin", origin);
      response.statusCode = answer === undefined ? 404 : 200;
      response.end(answer === undefined ? "" : stringify(answer));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    servers.push(server);
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  before(async () => {
    world = await startOpenLaunch();
    ({ chain } = world);
    record = await world.record();
    urls = {
      signer: await serve(() => signer),
      indexer: await serve(() => indexer),
      page: await serve(() => page),
      safeService: await serve(() => safes),
    };
  });
  after(async () => {
    for (const server of servers) server.close();
    await world.close();
  });
  beforeEach(async () => {
    snapshot = await world.rpc("evm_snapshot");
    const { timestamp, number } = await chain.getBlock();
    const { chainId, sale } = record;
    const ready = { ready: true, checks: [{ name: "chain", ok: true }] };
    const { termsHash: terms, policyHash: policy } = record;
    const head = { number: Number(number), time: Number(timestamp) };
    const served = { chainId, sales: [{ sale, termsHash: terms, policyHash: policy }], head, clock: 0 };
    signer = {
      origin: urls.page,
      answers: {
        "/readyz": ready,
        "/v1/status": {
          ...{ ...served, signer: record.terms.roles.signer, keyAgesDays: { signer: 3 } },
          ...{ quotasPerMinute: { kyc: 900 }, requestsPerMinute: { client: 600, address: 12_000 } },
          ...{ origins: [urls.page], loginDomains: [new URL(urls.page).host], behindProxy: false },
        },
      },
    };
    indexer = {
      origin: "*",
      answers: {
        "/readyz": ready,
        "/v1/status": served,
      },
    };
    page = {
      origin: "",
      answers: {
        "/config.json": { chainId, sale, termsHash: terms, signerUrl: urls.signer, indexerUrl: urls.indexer },
        "/v1/status": { origins: [urls.signer, urls.indexer] },
      },
    };
    safes = { origin: "", answers: {} };
  });
  afterEach(() => world.rpc("evm_revert", [snapshot]));

  const run = (change: Partial<DoctorOptions> = {}): Promise<Diagnosis> =>
    runDoctor({
      ...{ chain, record, launch: openLaunch, ask: fetch, ...urls, crowd: 500, accepted: [] },
      clock: { now: () => 0, sleep: () => Promise.resolve(), deadline: () => AbortSignal.abort() },
      ...change,
    });
  const named = ({ findings }: Diagnosis, state: string) =>
    findings.filter((one) => one.state === state).map(({ name }) => name);
  const change = (service: Service, path: string, fields: object) => {
    service.answers[path] = { ...(service.answers[path] as object), ...fields };
  };

  it("is green where everything agrees", async () => {
    const diagnosis = await run();
    expect(diagnosis.findings.filter(({ state }) => state !== "green")).to.deep.equal([]);
    expect(diagnosis.state).to.equal("green");
  });

  const other = "0x00000000000000000000000000000000000000C1";
  const seams: [name: string, finding: string, change: () => unknown][] = [
    [
      "the sale's id differs at the KYC side",
      "signer.sale",
      () => change(signer, "/v1/status", { sales: [{ ...ownSale(), sale: other }] }),
    ],
    [
      "the KYC provider takes fewer requests than the crowd makes",
      "signer.quotas.kyc",
      () => change(signer, "/v1/status", { quotasPerMinute: { kyc: 20 } }),
    ],
    ["the sale is paused, to reopen at some moment", "chain.pause", () => pause()],
    ["the signer's key is not admitted", "signer.key", () => change(signer, "/v1/status", { signer: other })],
    [
      "the signer serves other terms",
      "signer.terms",
      () => change(signer, "/v1/status", { sales: [{ ...ownSale(), termsHash: "0x12" }] }),
    ],
    [
      "the signer serves another policy",
      "signer.policy",
      () => change(signer, "/v1/status", { sales: [{ ...ownSale(), policyHash: "0x12" }] }),
    ],
    [
      "the signer's node is behind",
      "signer.head",
      () => change(signer, "/v1/status", { head: { number: 1, time: 1 } }),
    ],
    ["the signer's clock is wrong", "signer.clock", () => change(signer, "/v1/status", { clock: 31 })],
    [
      "nobody can sign in to the signer on this page",
      "signer.domain",
      () => change(signer, "/v1/status", { loginDomains: ["elsewhere.example"] }),
    ],
    [
      "the signer believes a proxy that is not there",
      "signer.proxy",
      () => change(signer, "/v1/status", { behindProxy: true }),
    ],
    [
      "the signer answers fewer requests than the crowd makes",
      "signer.limits",
      () => change(signer, "/v1/status", { requestsPerMinute: { client: 499, address: 9_980 } }),
    ],
    ["the signer lets the page not in", "signer.origin", () => (signer.origin = "https://elsewhere.example")],
    [
      "the signer is not ready",
      "signer.ready",
      () =>
        change(signer, "/readyz", {
          ready: false,
          checks: [{ name: "database", ok: false, wayOut: "Start it." }],
        }),
    ],
    [
      "a key is old",
      "signer.keys.signer",
      () => change(signer, "/v1/status", { keyAgesDays: { signer: 400 } }),
    ],
    ["the indexer serves another sale", "indexer.sale", () => change(indexer, "/v1/status", { sales: [] })],
    [
      "the indexer stopped",
      "indexer.ready",
      () =>
        change(indexer, "/readyz", {
          ready: false,
          checks: [{ name: "sale", ok: false, got: "quarantined", wayOut: "resync" }],
        }),
    ],
    [
      "the indexer is behind",
      "indexer.head",
      () => change(indexer, "/v1/status", { head: { number: 1, time: 1 } }),
    ],
    ["the page shows another sale", "page.sale", () => change(page, "/config.json", { sale: other })],
    [
      "the page asks another signer",
      "page.signer",
      () => change(page, "/config.json", { signerUrl: "http://x" }),
    ],
    [
      "the page's own policy keeps it from the signer",
      "page.origins",
      () => change(page, "/v1/status", { origins: [urls.indexer] }),
    ],
    [
      "other code lies at the sale's address",
      "chain.sale",
      () => world.rpc("hardhat_setCode", [record.sale, "0x00"]),
    ],
  ];
  function ownSale() {
    const { sale, termsHash, policyHash } = record;
    return { sale, termsHash, policyHash };
  }
  async function pause(): Promise<void> {
    await world.onSale(record.terms.roles.guardian, "pause", [3_600n]);
    const { timestamp } = await chain.getBlock();
    change(signer, "/v1/status", { head: { number: 1, time: Number(timestamp) } });
  }
  for (const [name, finding, breakIt] of seams) {
    it(`is red where ${name}, and says what to do`, async () => {
      await breakIt();
      const diagnosis = await run();
      expect(named(diagnosis, "red")).to.include(finding);
      expect(diagnosis.state).to.equal("red");
      const { fix } = diagnosis.findings.find((one) => one.name === finding) ?? { fix: "" };
      expect(fix).to.not.equal("");
    });
  }

  it("is red where the launch file, the policy or the record is another one", async () => {
    const edited = { ...openLaunch, payout: { ...openLaunch.payout, feeBps: 1 } };
    expect(named(await run({ launch: edited }), "red")).to.deep.equal(["file.terms"]);
    const policy = { ...openLaunch.policy, requestsPerMinute: 1n };
    expect(named(await run({ launch: { ...openLaunch, policy } }), "red")).to.deep.equal(["file.policy"]);
    const terms = { ...record.terms, document: { ...record.terms.document, uri: "x" } };
    const lied = { ...record, terms, termsHash: termsHash(terms), policy, policyHash: policyHash(policy) };
    expect(named(await run({ record: lied }), "red")).to.include.members([
      ...["file.terms", "file.policy", "chain.terms", "signer.terms", "indexer.terms", "page.terms"],
    ]);
  });

  it("is red where a service or the node does not answer", async () => {
    const nowhere = "http://127.0.0.1:1";
    const services = { signer: nowhere, indexer: nowhere, page: nowhere };
    expect(named(await run(services), "red")).to.include.members([
      ...["signer.answers", "indexer.answers", "page.answers"],
    ]);
    const silent = clientOf({ request: () => Promise.reject(new Error("no answer")) });
    expect(named(await run({ chain: silent }), "red")).to.deep.equal(["chain.answers"]);
    const elsewhere = clientOf({
      request: (call) =>
        call.method === "eth_chainId" ? Promise.resolve(numberToHex(5)) : chain.request(call as never),
    });
    expect(named(await run({ chain: elsewhere }), "red")).to.deep.equal(["chain.id"]);
  });

  it("never takes for green what nobody told, unless a person has looked into it", async () => {
    // As services of another version, that report nothing of this.
    signer.answers["/v1/status"] = { chainId: record.chainId };
    indexer.answers["/v1/status"] = { sales: "nonsense", head: { number: "1" }, clock: null };
    delete page.answers["/v1/status"];
    expect(named(await run(), "unknown")).to.deep.equal([
      ...[
        "sale",
        "terms",
        "clock",
        "policy",
        "key",
        "head",
        "domain",
        "limits",
        "quotas",
        "keys",
        "proxy",
      ].map((name) => `signer.${name}`),
      ...["chain", "sale", "terms", "clock", "head"].map((name) => `indexer.${name}`),
      "page.origins",
    ]);
    const diagnosis = await run({ page: "", crowd: 0, launch: undefined });
    expect(named(diagnosis, "unknown")).to.include.members([
      ...["file.terms", "signer.origin", "signer.limits", "indexer.origin", "page"],
    ]);
    expect(diagnosis.state).to.equal("unknown");
    const accepted = named(diagnosis, "unknown");
    expect((await run({ page: "", crowd: 0, launch: undefined, accepted })).state).to.equal("green");
  });

  describe("where a role is a Safe", () => {
    let safe: Awaited<ReturnType<typeof bringSafe>>;
    let path: string;
    beforeEach(async () => {
      safe = await bringSafe(chain);
      path = `/api/v1/safes/${safe.safe}/multisig-transactions/`;
      safes.answers[path] = { results: [], next: null };
    });
    const findingsOf = async (change: Partial<DoctorOptions> = {}) => {
      const { terms } = record;
      const held = { ...terms, roles: { ...terms.roles, owner: safe.safe } };
      const { findings } = await run({ record: { ...record, terms: held }, ...change });
      const ofOwner = findings.filter(({ name }) => name.startsWith("safe.owner"));
      return Object.fromEntries(
        ofOwner.map(({ name, state, got }) => [name.slice("safe.owner".length), `${state}: ${got}`]),
      );
    };
    const pending = (nonce: number, owners: string[], isExecuted = false) => ({
      ...{ safeTxHash: `0x${nonce}`, nonce, isExecuted },
      confirmations: owners.map((owner) => ({ owner })),
    });

    it("tells its owners, threshold and nonce from the chain, and is green where nothing is fully signed", async () => {
      const [a = "", b = "", c = ""] = safe.owners.map(({ address }) => address);
      safes.answers[path] = {
        // One signature, one owner twice, a stranger's, one that is executed.
        results: [pending(0, [a]), pending(1, [a, a]), pending(2, [a, other]), pending(3, [a, b], true)],
      };
      expect(await findingsOf()).to.deep.equal({
        "": `green: 2 of 3 (${[a, b, c].join(", ")}), nonce 0`,
        ".modules": "green: none",
        ".pending": "green: none",
      });
    });

    it("is red where one is fully signed, by a service or a file, on a later page too", async () => {
      const [a = "", b = ""] = safe.owners.map(({ address }) => address);
      const signed = { results: [pending(7, [a, b])] };
      safes.answers[path] = { results: [], next: `http://elsewhere.example${path}more` };
      safes.answers[`${path}more`] = signed;
      expect((await findingsOf())[".pending"]).to.equal("red: nonce 7: 0x7");

      const file = join(mkdtempSync(join(tmpdir(), "slipway-doctor-")), "pending.json");
      writeFileSync(file, JSON.stringify({ [safe.safe.toLowerCase()]: signed }));
      expect((await findingsOf({ safeService: file }))[".pending"]).to.equal("red: nonce 7: 0x7");
    });

    it("is red where one key or a module moves it", async () => {
      await safe.act("enableModule", [other]);
      await safe.act("changeThreshold", [1n]);
      const found = await findingsOf();
      expect(found[""]).to.match(/^red: 1 of 3 .*, nonce 2$/);
      expect(found[".modules"]).to.equal(`red: ${other}`);
    });

    it("is unknown where nobody tells what is pending, or it is no Safe", async () => {
      const none = "unknown: no list of pending transactions";
      expect((await findingsOf({ safeService: "" }))[".pending"]).to.equal(none);
      expect((await findingsOf({ safeService: "/nowhere.json" }))[".pending"]).to.equal(none);
      safes.answers[path] = { results: "nonsense" };
      expect((await findingsOf())[".pending"]).to.equal(none);
      await world.rpc("hardhat_setCode", [safe.safe, "0xfe"]);
      expect(await findingsOf()).to.deep.equal({ "": `unknown: ${safe.safe} is no Safe` });
    });
  });
});
