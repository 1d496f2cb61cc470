import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { inspect } from "node:util";
import { zeroHash } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { stringifyRecord } from "../../src/sdk/json.ts";
import { policyHash } from "../../src/sdk/policy.ts";
import { SignerError } from "../../src/sdk/signerErrors.ts";
import { termsHash } from "../../src/sdk/terms.ts";
import { createReadiness } from "../../src/signer/chain/createReadiness.ts";
import { createSaleReader } from "../../src/signer/chain/createSaleReader.ts";
import { readConfig } from "../../src/signer/config.ts";
import { newKeystore } from "../../src/signer/keys/keystore.ts";
import { localKey } from "../../src/signer/keys/localKey.ts";
import {
  EXPORT_KEY,
  startSignerLaunch,
  UNIT,
  WEBHOOK_SECRETS,
  type SignerLaunch,
} from "../support/signerLaunch.ts";
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
      keyAges: async () => ({}),
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

  it("warns of keys from day 75 on, red from day 90, and stays", async () => {
    const ages = { EXPORT_KEY: 74, SIGNER_KEY: 75, partners: 89, operators: 90 };
    const { ready, warnings } = await readinessWith({ keyAges: async () => ages }).check();
    expect(ready).to.be.true;
    expect(warnings?.map(({ name, red, got }) => [name, red, got])).to.deep.equal([
      ["age of SIGNER_KEY", false, "75 days"],
      ["age of partners", false, "89 days"],
      ["age of operators", true, "90 days"],
    ]);
    expect(await readinessWith().check()).not.to.have.property("warnings");
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

  const errorOf = async (change: Record<string, string | undefined>): Promise<SignerError> => {
    try {
      await readConfig({ ...launch.env, ...change });
    } catch (error) {
      if (error instanceof SignerError) return error;
      throw error;
    }
    throw new Error("passed");
  };

  it("says everything that is wrong at once", async () => {
    const wrong = {
      RPC_URL: "ftp://x",
      PORT: "70000",
      FINALITY_DEPTH: undefined,
      SIWE_DOMAIN: "https://x",
      CORS_ORIGIN: "x",
      PROVIDER_QUOTAS: "kyc",
    };
    const error = await errorOf({ ...wrong, SIGNER_KEY_FILE: undefined, SANCTIONS_FILE: "/nowhere" });
    expect(error.code).to.equal("config-invalid");
    expect(new Set(error.problems.map(({ field }) => field))).to.deep.equal(
      new Set([
        "RPC_URL",
        "PORT",
        "FINALITY_DEPTH",
        "SIWE_DOMAIN",
        "CORS_ORIGIN",
        "PROVIDER_QUOTAS",
        "SIGNER_KEYSTORE",
        "SANCTIONS_FILE",
      ]),
    );
  });

  const keyCode = async (path: string | undefined, more = {}) =>
    (await errorOf({ SIGNER_KEY_FILE: path, ...more })).problems.find(({ field }) => field === "SIGNER_KEY")
      ?.code;
  function onMainnet(): string {
    const { record } = launch;
    const terms = { ...record.terms, chainId: 1n };
    const elsewhere = stringifyRecord({ ...record, chainId: 1, terms, termsHash: termsHash(terms) });
    return launch.write("mainnet.json", elsewhere);
  }

  it("refuses a key that others may read, or is no key", async () => {
    const open = launch.write("open.key", `0x${"ab12".repeat(16)}\n`);
    chmodSync(open, 0o644);
    expect(await keyCode(open)).to.equal("secret-unusable");
    chmodSync(open, 0o640);
    expect((await readConfig({ ...launch.env, SIGNER_KEY_FILE: open })).key.address).to.match(/^0x/);
    expect(await keyCode(launch.write("short.key", "0x1234\n"))).to.equal("key-unusable");
    expect(await keyCode(launch.write("zero.key", `0x${"00".repeat(32)}\n`))).to.equal("key-unusable");
  });

  it("takes published keys and bare ones on the local chain alone", async () => {
    const published = launch.write("published.key", `${PUBLISHED_KEY}\n`);
    expect((await readConfig({ ...launch.env, SIGNER_KEY_FILE: published })).key.address).to.equal(
      "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    );
    const [random, from] = [generatePrivateKey(), { SIGNER_KEY_FROM: "env:KEY", SIGNER_KEY_FILE: undefined }];
    expect((await readConfig({ ...launch.env, ...from, KEY: random })).key.address).to.equal(
      privateKeyToAddress(random),
    );
    const LAUNCH_RECORD = onMainnet();
    expect(await keyCode(launch.write("bare.key", random), { LAUNCH_RECORD })).to.equal("key-unusable");
    expect(await keyCode(undefined, { ...from, KEY: random, LAUNCH_RECORD })).to.equal("key-unusable");
  });

  it("opens a keystore, with its password alone, on any chain", async () => {
    const password = randomBytes(24).toString("base64");
    const { address, json } = await newKeystore(password, { N: 1024, r: 8, p: 1 });
    const kept = {
      ...{ LAUNCH_RECORD: onMainnet(), SIGNER_KEY_FILE: undefined },
      SIGNER_KEYSTORE_FILE: launch.write("keystore.json", json),
      SIGNER_KEYSTORE_PASSWORD_FILE: launch.write("password", `${password}\n`),
    };
    const strong = Object.fromEntries(
      ["EXPORT_KEY_FILE", "KYC_WEBHOOK_SECRET_FILE"].map((name) => [
        name,
        launch.write(name, randomBytes(24).toString("base64")),
      ]),
    );
    const config = await readConfig({ ...launch.env, ...kept, ...strong });
    expect([config.record.chainId, config.key.address]).to.deep.equal([1, address]);
    const other = launch.write("other.password", randomBytes(24).toString("base64"));
    const code = async (change: Record<string, string | undefined>) =>
      (await errorOf({ ...kept, ...strong, ...change })).problems[0]?.code;
    expect(await code({ SIGNER_KEYSTORE_PASSWORD_FILE: other })).to.equal("key-unusable");
    expect(await code({ SIGNER_KEYSTORE_PASSWORD_FILE: undefined })).to.equal("key-unusable");
    expect(await code({ SIGNER_KEYSTORE_FILE: launch.write("x.json", "{}") })).to.equal("key-unusable");
    expect(await code({ SIGNER_KMS_KEY: "alias/x" }), "two at once").to.equal("config-invalid");
    const known = Object.assign(new URL("postgresql://me@db/x"), { password: "postgres" });
    expect(await code({ DATABASE_URL: known.href })).to.equal("config-invalid");
    expect(
      await code({ EXPORT_KEY_FILE: launch.write("weak", "e".repeat(40)) }),
      "a development value",
    ).to.equal("secret-unusable");
  });

  it("refuses keys that everybody knows, and those that are no random number, on any other chain", async () => {
    for (const privateKey of [PUBLISHED_KEY, `0x${"11".repeat(32)}`, `0x${"1".padStart(64, "0")}`])
      expect(() => localKey({ privateKey, local: false }))
        .to.throw()
        .with.property("code", "key-unusable");
  });

  it("refuses secrets that are short", async () => {
    const path = launch.write("short.secret", "short\n");
    expect((await errorOf({ EXPORT_KEY_FILE: path })).problems[0]?.code).to.equal("secret-unusable");
  });

  it("refuses a record whose terms were changed, and one that is not there", async () => {
    const { record } = launch;
    const changed = { ...record, terms: { ...record.terms, sale: { ...record.terms.sale, hardCap: 1n } } };
    const path = launch.write("changed.json", stringifyRecord(changed));
    expect((await errorOf({ LAUNCH_RECORD: path })).code).to.equal("record-unreadable");
    expect((await errorOf({ LAUNCH_RECORD: "/nowhere.json" })).code).to.equal("record-unreadable");
  });

  it("keeps key and secrets out of what is printed", async () => {
    const config = await readConfig(launch.env);
    const key = readFileSync(launch.env.SIGNER_KEY_FILE, "utf8").trim().slice(2);
    for (const text of [JSON.stringify([config.key, config.secrets]), inspect(config, { depth: 10 })])
      for (const secret of [key, EXPORT_KEY, ...WEBHOOK_SECRETS]) expect(text).not.to.contain(secret);
  });
});
