import { expect } from "chai";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { readAudit } from "../../src/signer/operators/audit.ts";
import { operatorScopes as scopes } from "../../src/sdk/signerApi.ts";
import { createKey } from "../../src/signer/operators/operatorKeys.ts";
import { createKeyWatch } from "../../src/signer/watch/createKeyWatch.ts";
import { createTurns } from "../../src/signer/watch/createTurns.ts";
import { rawKey, signRequest } from "../support/signedRequest.ts";
import {
  EXPORT_KEY,
  startSignerLaunch,
  UNIT,
  WEBHOOK_SECRETS,
  type SignerLaunch,
} from "../support/signerLaunch.ts";
import { codeOf, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

describe("watching the signer", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;
  let replica: SignerUnderTest;
  const partner = generateKeyPairSync("ed25519");

  before(async () => {
    launch = await startSignerLaunch();
    const partners = JSON.stringify([{ id: "exchange", publicKey: rawKey(partner.publicKey) }]);
    const env = { PARTNERS_FILE: launch.write("partners.json", partners) };
    signer = await startSigner(launch, { env });
    replica = await startSigner(launch, { env, databaseUrl: signer.databaseUrl });
  });
  after(async () => {
    await replica.close();
    await signer.close();
    await launch.close();
  });

  it("each client sees how its requests ended, on all replicas, and nobody else's", async () => {
    const { session } = await signer.buyer();
    const key = newKey();
    await session.createOrder(key, { nonce: 0n, cumulativeCap: UNIT });
    await session.createOrder(key, { nonce: 0n, cumulativeCap: UNIT });
    expect(await codeOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT }))).to.equal(
      "order-open",
    );
    await signer.watch();
    const { token, wallet } = session.session;
    const { json } = await replica.ask("GET", "/v1/usage", { token });
    expect(json["client"]).to.equal(wallet.toLowerCase());
    const [today] = json["days"] as { counts: Record<string, number> }[];
    expect(today?.counts).to.deep.equal({ issued: 1, replayed: 1, "order-open": 1 });
  });

  it("an operator sees how often all clients were refused, and why, on all replicas", async () => {
    const { key: token } = await createKey(signer.pool, "test", { note: "x", scopes, networks: [] });
    const refusals = async () =>
      (await signer.ask("GET", "/v1/admin/refusals", { token })).json as unknown as {
        refusals: { code: string; count: number }[];
      };
    const before = (await refusals()).refusals.find(({ code }) => code === "nonce-ahead")?.count ?? 0;
    for (const [at, times] of [
      [signer, 1],
      [replica, 2],
    ] as const) {
      const { session } = await at.buyer();
      for (let i = 0; i < times; i++)
        expect(await codeOf(session.createOrder(newKey(), { nonce: 5n, cumulativeCap: UNIT }))).to.equal(
          "nonce-ahead",
        );
      await at.watch();
    }
    const { refusals: after } = await refusals();
    expect(after).to.deep.include({ code: "nonce-ahead", count: before + 3 });
    expect(after.map(({ code }) => code)).not.to.include.members(["issued"]);
    expect(after.map(({ count }) => count)).to.deep.equal(
      after.map(({ count }) => count).sort((a, b) => b - a),
    );
  });

  it("metrics tell of answers, checks and ages, and nothing of clients or secrets", async () => {
    const { text, headers } = await signer.ask("GET", "/metrics");
    expect(headers.get("content-type")).to.contain("text/plain");
    expect(text).to.contain('slipway_signer_ready{check="database"} 1');
    expect(text).to.match(
      /slipway_signer_answers_total\{route="\/v1\/orders",status="409",code="order-open"\} 1/,
    );
    expect(text).to.match(/slipway_signer_secret_age_days\{secret="EXPORT_KEY",version="[0-9a-f]{12}"\} 0/);
    for (const hidden of [EXPORT_KEY, ...WEBHOOK_SECRETS, launch.chain.url])
      expect(text).not.to.contain(hidden);
    expect(text).not.to.match(/0x[0-9a-f]{64}|exchange/);

    const rules = readFileSync(new URL("../../docs/signer-alerts.yml", import.meta.url), "utf8");
    const named = [...rules.matchAll(/slipway_signer_\w+/g)].map(([name]) => name.replace(/_bucket$/, ""));
    for (const name of new Set(named)) expect(text, name).to.contain(`# TYPE ${name} `);
  });

  it("a partner's key that is revoked is refused on every replica", async () => {
    const { key: token } = await createKey(signer.pool, "test", { note: "x", scopes, networks: [] });
    const ask = (to: SignerUnderTest) => {
      const target = `${to.url}/v1/orders`;
      const now = Math.floor(Date.now() / 1000);
      const signed = signRequest({
        ...{ target, method: "GET", body: "", now },
        privateKey: partner.privateKey,
        keyid: "exchange",
        components: ["@method", "@target-uri"],
      });
      return to.ask("GET", "/v1/orders", { headers: signed });
    };
    expect((await ask(signer)).status).to.equal(200);
    const path = "/v1/admin/partner-keys/exchange/revoke";
    expect((await signer.ask("POST", path, { token })).status).to.equal(200);
    expect((await signer.ask("POST", path, { token })).json.code).to.equal("key-unknown");
    for (const one of [signer, replica]) expect((await ask(one)).json.code).to.equal("signature-invalid");
  });

  it("a key's new network, hour or rate is unusual once the key is known, and noted", async () => {
    const watch = createKeyWatch(signer.pool);
    const look = async (...uses: [ip: string, count: number][]) => {
      for (const [ip, count] of uses) for (let use = 0; use < count; use++) watch.used("operator x", ip);
      return (await watch.look()).map(({ trait, value }) => `${trait} ${value}`);
    };
    expect(await look(["10.0.0.1", 1]), "still learning").to.deep.equal([]);
    await signer.pool.query(
      "UPDATE key_traits SET first_seen = now() - interval '2 days' WHERE key = 'operator x'",
    );
    expect(await look(["10.0.0.7", 1])).to.deep.equal([]);
    expect(await look(["10.0.1.7", 1])).to.deep.equal(["network 10.0.1.0/24"]);
    expect(await look(["10.0.1.7", 1])).to.deep.equal([]);
    expect(await look(["10.0.0.1", 130])).to.deep.equal(["rate 64", "rate 128"]);
    await signer.pool.query(
      "UPDATE key_traits SET first_seen = now() - interval '8 days', value = CASE trait WHEN 'hour' THEN 'xx' ELSE value END WHERE key = 'operator x'",
    );
    expect((await look(["10.0.0.1", 1])).map((use) => use.split(" ")[0])).to.deep.equal(["hour"]);
    const noted = (await readAudit(signer.pool, 0n, 10_000)).filter(
      ({ action }) => action === "key-use-unusual",
    );
    expect(noted).to.have.lengthOf(4);
  });

  it("who is told to come back has one place in a line over all replicas", async () => {
    const [one, other] = [createTurns(signer.pool), createTurns(replica.pool)];
    const first = await one("a");
    expect(first).to.deep.equal({ place: 1, seconds: 1 });
    await Promise.all(Array.from({ length: 1_500 }, (_, index) => other(`crowd ${String(index)}`)));
    const behind = await one("b");
    expect(behind.place).to.be.greaterThan(500);
    expect(behind.seconds).to.be.within(2, 4);
    const again = await other("b");
    expect(again.place, "no place is lost by asking").to.be.at.most(behind.place);
  });
});
