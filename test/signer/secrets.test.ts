import { expect } from "chai";
import { createHmac, randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { readAudit, verifyAudit } from "../../src/signer/operators/audit.ts";
import { createSecrets, type Secrets } from "../../src/signer/secrets/createSecrets.ts";
import { weaknessOf } from "../../src/signer/secrets/weakness.ts";
import type { Problem } from "../../src/sdk/problem.ts";
import { startFakeStore } from "../support/fakeStore.ts";
import {
  EXPORT_KEY,
  startSignerLaunch,
  WEBHOOK_SECRETS,
  type SignerLaunch,
} from "../support/signerLaunch.ts";
import { newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

const random = (): string => randomBytes(24).toString("base64");
const network = { deadline: () => AbortSignal.timeout(10_000), wait: async () => undefined };

describe("secrets", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;
  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  const accesses = async () =>
    (await readAudit(signer.pool, 0n, 10_000)).filter(({ action }) => action === "secret-read");
  const open = async (env: Record<string, string>): Promise<Secrets> => {
    const secrets = createSecrets({ env, local: true, network });
    const problems: Problem[] = [];
    await secrets.load(problems);
    expect(problems).to.deep.equal([]);
    await secrets.note(signer.pool);
    return secrets;
  };
  const event = (secret: string) => {
    const body = JSON.stringify({
      ...{
        id: newKey(),
        decidedAt: new Date().toISOString(),
        subject: newKey(),
        wallets: [newAccount().address],
      },
      ...{ country: "DE", tier: "public", decision: "approved" },
    });
    const time = String(Math.floor(Date.now() / 1000));
    const hmac = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
    return signer.ask("POST", "/v1/webhooks/kyc", {
      body,
      headers: { "slipway-signature": `t=${time},v1=${hmac}` },
    });
  };
  const refresh = (atMs = 0) => signer.secrets.refresh(signer.pool, atMs);

  it("leave a row in the audit log each time they are read, without the value", async () => {
    const rows = await accesses();
    expect(rows.map(({ detail }) => detail["secret"])).to.have.members([
      "KYC_WEBHOOK_SECRET",
      "EXPORT_KEY",
      "SIGNER_KEY",
    ]);
    for (const { actor, detail } of rows)
      expect([actor, detail["store"], detail["outcome"]]).to.deep.equal(["service", "file", "read"]);
    const versions = rows.find(({ detail }) => detail["secret"] === "KYC_WEBHOOK_SECRET")?.detail["versions"];
    expect(versions).to.have.lengthOf(2);
    const text = JSON.stringify(rows);
    for (const secret of [EXPORT_KEY, ...WEBHOOK_SECRETS]) expect(text).not.to.contain(secret);
    await verifyAudit(signer.pool, []);
  });

  it("are replaced with an overlap and without a restart; no event in between is lost", async () => {
    const [old] = WEBHOOK_SECRETS;
    const next = random();
    const path = launch.env.KYC_WEBHOOK_SECRET_FILE;
    const put = async (...lines: string[]) => {
      rmSync(path);
      writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o600 });
      expect(await refresh()).to.deep.equal([]);
    };
    expect([(await event(old)).status, (await event(next)).status]).to.deep.equal([200, 401]);
    await put(old, next);
    expect([(await event(old)).status, (await event(next)).status]).to.deep.equal([200, 200]);
    await put(next);
    expect([(await event(old)).status, (await event(next)).status]).to.deep.equal([401, 200]);
    await put(...WEBHOOK_SECRETS);
  });

  it("that cannot be used leave the last good ones, are said to fail, and are noted once", async () => {
    const path = launch.write("changing.secret", `${random()}\n`);
    const secrets = await open({ EXPORT_KEY_FILE: path });
    const [good] = secrets.list("EXPORT_KEY");
    const before = (await accesses()).length;
    writeFileSync(path, "short\n");
    for (let look = 0; look < 3; look++)
      expect(await secrets.refresh(signer.pool, look)).to.deep.equal(["EXPORT_KEY"]);
    rmSync(path);
    expect(await secrets.refresh(signer.pool, 3)).to.deep.equal(["EXPORT_KEY"]);
    expect(secrets.list("EXPORT_KEY")).to.deep.equal([good]);
    const rows = (await accesses()).slice(before);
    expect(rows.map(({ detail }) => detail["outcome"])).to.deep.equal(["unsafe"]);

    const next = random();
    writeFileSync(path, `${next}\n`, { mode: 0o600 });
    expect(await secrets.refresh(signer.pool, 4)).to.deep.equal([]);
    expect(secrets.list("EXPORT_KEY").map(String)).to.deep.equal([next]);
  });

  it("that the audit log does not take are not used", async () => {
    const path = launch.write("unnoted.secret", `${random()}\n`);
    const secrets = await open({ EXPORT_KEY_FILE: path });
    const [good] = secrets.list("EXPORT_KEY");
    rmSync(path);
    writeFileSync(path, `${random()}\n`, { mode: 0o600 });
    const broken = { query: () => Promise.reject(new Error("down")) } as never;
    for (const look of [1, 2])
      expect(
        await secrets.refresh(broken, look).then(
          () => "used",
          () => "not used",
        ),
      ).to.equal("not used");
    expect(secrets.list("EXPORT_KEY")).to.deep.equal([good]);
    await secrets.refresh(signer.pool, 3);
    expect(secrets.list("EXPORT_KEY")).not.to.deep.equal([good]);
  });

  it("are read from a store over the network every five minutes", async () => {
    let kept = random();
    const refused = { status: 503, body: { errors: [] } };
    const vault = await startFakeStore({
      well: () => ({ status: 200, body: { data: { key: kept } } }),
      ...{ throttled: refused, denied: refused, misshapen: refused },
    });
    const secrets = await open({
      EXPORT_KEY_FROM: "vault:secret/x#key",
      VAULT_ADDR: vault.url,
      VAULT_TOKEN: "hvs.fake",
    });
    expect([secrets.storeOf("EXPORT_KEY"), secrets.storeOf("SUMSUB_SECRET")]).to.deep.equal([
      "vault",
      undefined,
    ]);
    const first = kept;
    kept = random();
    for (const [atMs, wanted, failing] of [
      [299_999, first, []],
      [300_000, kept, []],
      [600_000, kept, ["EXPORT_KEY"]],
      [900_000, kept, []],
    ] as const) {
      vault.behave(failing.length === 0 ? "well" : "denying");
      expect(await secrets.refresh(signer.pool, atMs)).to.deep.equal(failing);
      expect(secrets.list("EXPORT_KEY").map(String)).to.deep.equal([wanted]);
    }
    vault.close();
  });

  it("know how old each is, by line, whatever the store says of the whole", async () => {
    const [first, second] = [random(), random()];
    const path = launch.write("ageing.secret", `${first}\n`);
    const secrets = await open({ EXPORT_KEY_FILE: path });
    const [version] = (await secrets.ages(signer.pool)).map((age) => age.version);
    await signer.pool.query(
      "UPDATE secret_versions SET since = now() - interval '75 days' WHERE version = $1",
      [version],
    );
    rmSync(path);
    writeFileSync(path, `${first}\n${second}\n`, { mode: 0o600 });
    await secrets.refresh(signer.pool, 1);
    expect((await secrets.ages(signer.pool)).map(({ secret, days }) => [secret, days])).to.deep.equal([
      ["EXPORT_KEY", 75],
      ["EXPORT_KEY", 0],
    ]);
  });

  it("are refused where both ways are set, or the reference is none", async () => {
    for (const env of [{ EXPORT_KEY_FILE: "/x", EXPORT_KEY_FROM: "env:X" }, { EXPORT_KEY_FROM: "x" }]) {
      const problems: Problem[] = [];
      await createSecrets({ env, local: true, network }).load(problems);
      expect(problems.map(({ code, field }) => [code, field])).to.deep.equal([
        ["config-invalid", "EXPORT_KEY_FROM"],
      ]);
    }
  });

  it("that are short, repetitive, defaults or of development are none in production", () => {
    const good = "8mWn0xFh2cQe7RzLd5TkVb9uYp3sAg6J";
    for (const weak of [
      good.slice(1),
      "e".repeat(40),
      `changeme${good}`,
      `my-Secret-${good}`,
      `development-${good}`,
    ])
      expect(weaknessOf(weak, { local: false }), weak)
        .to.be.a("string")
        .and.not.contain(weak);
    expect(weaknessOf(good, { local: false })).to.equal(undefined);
    expect(weaknessOf("e".repeat(32), { local: true })).to.equal(undefined);
    expect(weaknessOf("e".repeat(31), { local: true })).to.be.a("string");
  });
});
