import { expect } from "chai";
import { chmodSync, writeFileSync } from "node:fs";
import { zeroHash } from "viem";
import { stringifyRecord } from "../../src/sdk/json.ts";
import { policyHash } from "../../src/sdk/policy.ts";
import { SignerError } from "../../src/sdk/signerErrors.ts";
import { termsHash } from "../../src/sdk/terms.ts";
import { createReadiness } from "../../src/signer/chain/createReadiness.ts";
import { createSaleReader } from "../../src/signer/chain/createSaleReader.ts";
import { readConfig } from "../../src/signer/config.ts";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { codeOf, newKey, startSigner } from "../support/signerUnderTest.ts";

describe("readiness", () => {
  let launch: SignerLaunch;

  before(async () => {
    launch = await startSignerLaunch();
  });
  after(() => launch.close());

  type Parts = Parameters<typeof createReadiness>[0];
  const readinessWith = (change: Partial<Parts> = {}) => {
    const { record } = launch;
    const chain = createSaleReader({
      urls: [launch.chain.url],
      record,
      finality: { kind: "depth", depth: 8 },
    });
    const sanctions = { includes: () => false, check: () => 1, warning: () => undefined };
    return createReadiness({
      record,
      signer: launch.signer.address,
      chain,
      sanctions,
      lineage: async () => undefined,
      stopped: async () => undefined,
      databaseNow: async () => 0,
      ...change,
    });
  };
  const failing = async (change: Partial<Parts>) => {
    const { checks, ready } = await readinessWith(change).check();
    expect(ready).to.be.false;
    const found = checks.filter(({ ok }) => !ok);
    for (const { got, wanted, wayOut } of found) expect([got, wanted, wayOut]).not.to.include(undefined);
    return found.map(({ name }) => name);
  };
  const chain = () =>
    createSaleReader({
      urls: [launch.chain.url],
      record: launch.record,
      finality: { kind: "depth", depth: 8 },
    });

  it("is given where record, chain and key agree", async () => {
    expect(await readinessWith().check()).to.deep.include({ ready: true });
  });

  it("fails by name on each disagreement", async () => {
    const { record } = launch;
    expect(await failing({ record: { ...record, termsHash: zeroHash } })).to.deep.equal(["termsHash"]);
    expect(await failing({ record: { ...record, policyHash: zeroHash } })).to.deep.equal(["policyHash"]);
    expect(await failing({ signer: launch.chain.deployer })).to.deep.equal(["signer"]);
    const [tier] = record.policy.tiers;
    const policy = {
      ...record.policy,
      tiers: [{ ...tier!, personCap: 250_000n * UNIT + 1n, voucherSeconds: 3_601n }],
    };
    expect(await failing({ record: { ...record, policy, policyHash: policyHash(policy) } })).to.deep.equal([
      "signerCap",
      "signerWindow",
    ]);
    expect(await failing({ chain: { ...chain(), chainId: async () => 1 } })).to.deep.equal(["chainId"]);
    const domain = { name: "Other", version: "1", chainId: 31337n, verifyingContract: record.sale };
    expect(await failing({ chain: { ...chain(), domain: async () => domain } })).to.deep.equal(["domain"]);
    expect(await failing({ databaseNow: async () => Promise.reject(new Error("down")) })).to.deep.equal([
      "database",
    ]);
  });

  it("looks at the clocks, but not on the local chain: 30 s pass, 31 do not", async () => {
    const record = { ...launch.record, chainId: 1 };
    const now = Number(await launch.chain.now());
    const elsewhere = { ...chain(), chainId: async () => 1 };
    const clockFails = async (skew: number) =>
      (await failing({ record, chain: elsewhere, databaseNow: async () => now + skew })).includes("clock");
    expect(await clockFails(30)).to.be.false;
    expect(await clockFails(31)).to.be.true;
    expect(await clockFails(-31)).to.be.true;
  });

  it("is asked anew after two seconds, so a signer that is struck off stops", async () => {
    let [asked, time] = [0, 0];
    const standing = { status: 1, maxCap: 2n ** 90n, maxWindow: 3_600n };
    const counting = { ...chain(), signerOf: async () => ((asked += 1), standing) };
    const readiness = readinessWith({ chain: counting, monotonic: () => time });
    await readiness.require();
    time = 1_999;
    await readiness.require();
    expect(asked).to.equal(1);
    time = 2_000;
    standing.status = 2;
    expect(await codeOf(readiness.require())).to.equal("not-ready");
  });

  it("missing, orders are refused with the check that fails, and /readyz says it to anybody", async () => {
    const elsewhere = launch.write("other.json", stringifyRecord({ ...launch.record, policyHash: zeroHash }));
    const signer = await startSigner(launch, { env: { LAUNCH_RECORD: elsewhere } });
    try {
      const { session } = await signer.buyer();
      const answer = await signer.ask("POST", "/v1/orders", {
        token: session.session.token,
        headers: { "idempotency-key": newKey() },
        body: { sale: launch.record.sale, buyer: session.session.wallet, nonce: "0", cumulativeCap: "1" },
      });
      expect([answer.status, answer.json.code]).to.deep.equal([503, "not-ready"]);
      expect((answer.json["fields"] as { field: string }[])[0]?.field).to.equal("policyHash");
      const { status, json } = await signer.ask("GET", "/readyz");
      expect(status).to.equal(503);
      expect(json["ready"]).to.be.false;
      expect((await signer.ask("GET", "/healthz")).status).to.equal(200);
    } finally {
      await signer.close();
    }
  });

  it("ends with the sanctions list, and comes back with it", async () => {
    const signer = await startSigner(launch);
    try {
      const { session } = await signer.buyer();
      const order = () => codeOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT }));
      for (const text of ["", "# nobody\n", "0x12\n"]) {
        writeFileSync(launch.env.SANCTIONS_FILE, text);
        expect(await order(), JSON.stringify(text)).to.be.oneOf(["sanctions-unusable", "not-ready"]);
      }
      writeFileSync(launch.env.SANCTIONS_FILE, `${launch.chain.deployer}\n`);
      expect(await order()).to.equal("passed");
    } finally {
      await signer.close();
    }
  });
});

const PUBLISHED_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("configuration", () => {
  let launch: SignerLaunch;
  before(async () => {
    launch = await startSignerLaunch();
  });
  after(() => launch.close());

  const errorOf = (change: Record<string, string | undefined>): SignerError => {
    try {
      readConfig({ ...launch.env, ...change });
    } catch (error) {
      if (error instanceof SignerError) return error;
      throw error;
    }
    throw new Error("passed");
  };

  it("says everything that is wrong at once", () => {
    const wrong = {
      RPC_URL: "ftp://x",
      PORT: "70000",
      FINALITY_DEPTH: undefined,
      SIWE_DOMAIN: "https://x",
      CORS_ORIGIN: "x",
      PROVIDER_QUOTAS: "kyc",
    };
    const error = errorOf({ ...wrong, SIGNER_KEY_FILE: undefined, SANCTIONS_FILE: "/nowhere" });
    expect(error.code).to.equal("config-invalid");
    expect(new Set(error.problems.map(({ field }) => field))).to.deep.equal(
      new Set([
        "RPC_URL",
        "PORT",
        "FINALITY_DEPTH",
        "SIWE_DOMAIN",
        "CORS_ORIGIN",
        "PROVIDER_QUOTAS",
        "SIGNER_KEY_FILE",
        "SANCTIONS_FILE",
      ]),
    );
  });

  it("refuses a key that others may read, is no key, or that everybody knows", () => {
    const keyCode = (path: string, more = {}) =>
      errorOf({ SIGNER_KEY_FILE: path, ...more }).problems[0]?.code;
    const open = launch.write("open.key", `0x${"ab12".repeat(16)}\n`);
    chmodSync(open, 0o644);
    expect(keyCode(open)).to.equal("key-unusable");
    expect(keyCode(launch.write("short.key", "0x1234\n"))).to.equal("key-unusable");
    expect(keyCode(launch.write("zero.key", `0x${"00".repeat(32)}\n`))).to.equal("key-unusable");
  });

  it("takes published keys on the local chain alone", () => {
    const published = launch.write("published.key", `${PUBLISHED_KEY}\n`);
    expect(readConfig({ ...launch.env, SIGNER_KEY_FILE: published }).key.address).to.equal(
      "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    );
  });

  it("refuses them, and keys that are no random number, on any other", () => {
    const { record } = launch;
    const terms = { ...record.terms, chainId: 1n };
    const elsewhere = stringifyRecord({ ...record, chainId: 1, terms, termsHash: termsHash(terms) });
    const LAUNCH_RECORD = launch.write("mainnet.json", elsewhere);
    for (const text of [PUBLISHED_KEY, `0x${"11".repeat(32)}`, `0x${"1".padStart(64, "0")}`]) {
      const error = errorOf({ LAUNCH_RECORD, SIGNER_KEY_FILE: launch.write("known.key", text) });
      expect(error.problems[0]?.code).to.equal("key-unusable");
    }
    expect(readConfig({ ...launch.env, LAUNCH_RECORD }).record.chainId).to.equal(1);
  });

  it("refuses secrets that are short", () => {
    const path = launch.write("short.secret", "short\n");
    expect(errorOf({ EXPORT_KEY_FILE: path }).problems[0]?.code).to.equal("secret-unusable");
  });

  it("refuses a record whose terms were changed, and one that is not there", () => {
    const { record } = launch;
    const changed = { ...record, terms: { ...record.terms, sale: { ...record.terms.sale, hardCap: 1n } } };
    expect(errorOf({ LAUNCH_RECORD: launch.write("changed.json", stringifyRecord(changed)) }).code).to.equal(
      "record-unreadable",
    );
    expect(errorOf({ LAUNCH_RECORD: "/nowhere.json" }).code).to.equal("record-unreadable");
  });

  it("keeps the key out of what is printed", () => {
    const config = readConfig(launch.env);
    expect(JSON.stringify(config.key)).not.to.match(/[0-9a-f]{64}/i);
  });
});
