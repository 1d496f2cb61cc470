import { expect } from "chai";
import { createHash, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { createSigner, httpbis } from "http-message-signatures";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { COMPONENTS, rawKey, signRequest } from "../support/signedRequest.ts";
import { newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

const [partner, other] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];

type Change = {
  components?: string[];
  created?: number | string;
  expires?: number;
  nonce?: string;
  keyid?: string;
  extra?: string;
  key?: KeyObject;
  /** What is sent instead of what was signed. */
  sent?: { body?: string; headers?: Record<string, string | undefined>; target?: string };
};

describe("partners' signed requests", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;

  before(async () => {
    launch = await startSignerLaunch();
    const partners = [
      { id: "exchange", publicKey: rawKey(partner.publicKey) },
      { id: "broker", publicKey: rawKey(other.publicKey), keyId: "broker-2026" },
    ];
    const PARTNERS_FILE = launch.write("partners.json", JSON.stringify(partners));
    signer = await startSigner(launch, { env: { PARTNERS_FILE } });
  });
  beforeEach(() => {
    signer.clock.shift = 0;
    signer.clock.still = undefined;
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  async function order(buyer?: string) {
    const address = buyer ?? newAccount().address;
    await signer.decide(address as `0x${string}`);
    return JSON.stringify({
      sale: launch.record.sale,
      buyer: address,
      nonce: "0",
      cumulativeCap: String(100n * UNIT),
    });
  }

  async function signed(body: string, key: string, change: Change = {}): Promise<Record<string, string>> {
    const now = Math.floor(await signer.databaseNow());
    const { keyid = "exchange", key: privateKey = partner.privateKey } = change;
    return signRequest({
      ...change,
      ...{ target: `${signer.url}/v1/orders`, body, idempotencyKey: key, privateKey, keyid, now },
    });
  }

  async function post(change: Change = {}, key = newKey()) {
    const body = await order();
    const headers = { ...(await signed(body, key, change)), ...change.sent?.headers };
    const kept = Object.fromEntries(
      Object.entries(headers).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    return signer.ask("POST", change.sent?.target ?? "/v1/orders", {
      body: change.sent?.body ?? body,
      headers: kept,
    });
  }

  it("order for a buyer, and a retry that is signed anew gives the same bytes", async () => {
    const [key, body] = [newKey(), await order()];
    const first = await signer.ask("POST", "/v1/orders", { body, headers: await signed(body, key) });
    const second = await signer.ask("POST", "/v1/orders", { body, headers: await signed(body, key) });
    expect([first.status, second.status]).to.deep.equal([201, 201]);
    expect(second.text).to.equal(first.text);
    expect(second.headers.get("idempotency-replayed")).to.equal("true");
  });

  it("pass as another implementation signs them", async () => {
    const [key, body] = [newKey(), await order()];
    const digest = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
    const request = {
      ...{ method: "POST", url: `${signer.url}/v1/orders` },
      headers: { "content-type": "application/json", "content-digest": digest, "idempotency-key": key },
    };
    const { headers } = await httpbis.signMessage(
      {
        key: createSigner(partner.privateKey, "ed25519", "exchange"),
        name: "sig1",
        fields: COMPONENTS,
        params: ["created", "expires", "nonce", "keyid", "alg"],
        paramValues: {
          nonce: randomBytes(16).toString("base64url"),
          expires: new Date(Date.now() + 240_000),
        },
      },
      request,
    );
    const answer = await signer.ask("POST", "/v1/orders", {
      body,
      headers: headers,
    });
    expect(answer.status, answer.text).to.equal(201);
  });

  it("are refused as replayed when sent again byte for byte, also with a key that succeeded", async () => {
    const body = await order();
    const headers = await signed(body, newKey());
    expect((await signer.ask("POST", "/v1/orders", { body, headers })).status).to.equal(201);
    const again = await signer.ask("POST", "/v1/orders", { body, headers });
    expect([again.status, again.json.code]).to.deep.equal([409, "request-replayed"]);
  });

  it("use a nonce once, with 20 at once on two replicas", async () => {
    const replica = await startSigner(launch, {
      databaseUrl: signer.databaseUrl,
      env: { PARTNERS_FILE: `${launch.folder}/partners.json`, PUBLIC_URL: signer.url },
    });
    try {
      const body = await order();
      const headers = await signed(body, newKey());
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? signer : replica).ask("POST", "/v1/orders", { body, headers }),
        ),
      );
      expect(answers.filter(({ status }) => status === 201)).to.have.lengthOf(1);
      expect(answers.filter(({ json }) => json.code === "request-replayed")).to.have.lengthOf(19);
    } finally {
      await replica.close();
    }
  });

  const now = () => Math.floor(Date.now() / 1000);
  const without = (name: string) => COMPONENTS.filter((component) => component !== name);
  const refused: [string, () => Change][] = [
    ["method not covered", () => ({ components: without("@method") })],
    ["target not covered", () => ({ components: without("@target-uri") })],
    ["digest not covered", () => ({ components: without("content-digest") })],
    ["key not covered", () => ({ components: without("idempotency-key") })],
    ["a component covered twice", () => ({ components: [...COMPONENTS, "@method"] })],
    ["another key's signature", () => ({ key: other.privateKey })],
    ["an unknown key", () => ({ keyid: "nobody" })],
    ["another algorithm named", () => ({ extra: ';alg="hmac-sha256"' })],
    ["no algorithm", () => ({ extra: ';alg="none"' })],
    ["an unknown parameter", () => ({ extra: ';foo="bar"' })],
    ["a parameter twice", () => ({ extra: ';keyid="broker-2026"' })],
    ["created 10 minutes ago", () => ({ created: now() - 600, expires: now() + 60 })],
    ["created 10 minutes ahead", () => ({ created: now() + 600, expires: now() + 700 })],
    ["created as a fraction", () => ({ created: `${String(now())}.5` })],
    ["created negative", () => ({ created: -5 })],
    ["expired", () => ({ created: now() - 100, expires: now() - 10 })],
    ["living too long", () => ({ expires: now() + 3_600 })],
    ["a body changed after signing", () => ({ sent: { body: '{"admin":true}' } })],
    ["another key sent", () => ({ sent: { headers: { "idempotency-key": "x".repeat(32) } } })],
    ["another target", () => ({ sent: { target: "/v1/orders?x=1" } })],
    ["a digest removed", () => ({ sent: { headers: { "content-digest": undefined } } })],
    ["a signature removed", () => ({ sent: { headers: { signature: undefined } } })],
    ["a garbage signature beside", () => ({ sent: { headers: { signature: "sig1=:AAAA:, sig2=:AAAA:" } } })],
  ];
  for (const [what, change] of refused) {
    it(`are refused with ${what}`, async () => {
      const { status, json } = await post(change());
      expect([status, json.code]).to.deep.equal([401, "signature-invalid"]);
    });
  }

  it("are refused with two signatures, even if both are right", async () => {
    const body = await order();
    const headers = await signed(body, newKey());
    const double = (name: string) =>
      `${headers[name] ?? ""}, ${headers[name]?.replace("sig1", "sig2") ?? ""}`;
    const answer = await signer.ask("POST", "/v1/orders", {
      body,
      headers: { ...headers, "signature-input": double("signature-input"), signature: double("signature") },
    });
    expect(answer.json.code).to.equal("signature-invalid");
  });

  it("pass with created 300 s away, and fail at 301", async () => {
    const at = now();
    signer.clock.still = at;
    const statusAt = async (created: number) => (await post({ created, expires: created + 500 })).status;
    expect([await statusAt(at - 300), await statusAt(at + 300)]).to.deep.equal([201, 201]);
    expect([await statusAt(at - 301), await statusAt(at + 301)]).to.deep.equal([401, 401]);
  });

  for (const nonce of ["", "AAAA", "A".repeat(500), `${"A".repeat(21)}B`, "AAAAAAAAAAAAAAAAAAAAAA=="]) {
    it(`are malformed with the nonce ${nonce.slice(0, 30)}`, async () => {
      const { status, json } = await post({ nonce });
      expect([status, json.code]).to.deep.equal([400, "request-malformed"]);
    });
  }

  it("do not consume the nonce of a request that was not the partner's", async () => {
    const nonce = randomBytes(16).toString("base64url");
    expect((await post({ nonce, key: other.privateKey })).status).to.equal(401);
    expect((await post({ nonce })).status).to.equal(201);
  });

  it("show a partner's orders to it alone, and to the wallet they are for", async () => {
    const account = newAccount();
    const body = await order(account.address);
    const { json } = await signer.ask("POST", "/v1/orders", { body, headers: await signed(body, newKey()) });
    const id = String(json.orderId);
    const session = await signer.login(account);
    expect((await session.order(json.orderId ?? "0x")).orderId).to.equal(id);

    const foreign = await signed(body, newKey(), { keyid: "broker-2026", key: other.privateKey });
    const taken = await signer.ask("POST", "/v1/orders", { body, headers: foreign });
    expect(taken.json.code).to.equal("order-open");
    expect(taken.json["order"], "not told to another partner").to.equal(undefined);

    const openFor = async (keyid: string, key: KeyObject) => {
      const target = `${signer.url}/v1/eligibility?wallet=${account.address}`;
      const now = Math.floor(await signer.databaseNow());
      const headers = signRequest({
        ...{ method: "GET", target, body: "", privateKey: key, keyid, now },
        components: ["@method", "@target-uri"],
      });
      return (await signer.ask("GET", `/v1/eligibility?wallet=${account.address}`, { headers })).json;
    };
    expect(await openFor("exchange", partner.privateKey)).to.include({ eligible: true, openOrder: id });
    const told = await openFor("broker-2026", other.privateKey);
    expect(told).to.include({ eligible: true }).and.not.to.have.property("openOrder");
  });

  it("cannot come beside a session", async () => {
    const body = await order();
    const headers = { ...(await signed(body, newKey())), authorization: `Bearer ${"A".repeat(43)}` };
    expect((await signer.ask("POST", "/v1/orders", { body, headers })).json.code).to.equal(
      "request-malformed",
    );
  });

  it("cannot order for what is no buyer", async () => {
    const { record } = launch;
    const addresses = [record.sale, record.token, record.currency, launch.signer.address]
      .concat(["0x0000000000000000000000000000000000000000", "0x00000000000000000000000000000000000000ff"])
      .concat(["0x000000000000000000000000000000000000dEaD"]);
    for (const buyer of addresses) {
      const body = JSON.stringify({ sale: record.sale, buyer, nonce: "0", cumulativeCap: "1" });
      const { status, json } = await signer.ask("POST", "/v1/orders", {
        body,
        headers: await signed(body, newKey()),
      });
      expect([status, json.code], buyer).to.deep.equal([422, "field-invalid"]);
    }
  });
});
