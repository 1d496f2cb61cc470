import { expect } from "chai";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { country } from "../../src/signer/kyc/subjectFields.ts";
import { operations } from "../../src/signer/api/operations.ts";
import { startDatabaseProxy } from "../support/databaseProxy.ts";
import { fuzzed, statusOf } from "../support/fuzzRequests.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { rawKey, signRequest, type SignedRequest } from "../support/signedRequest.ts";
import { codeOf, newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";
import { untilWaiting } from "../support/untilWaiting.ts";

const CAP = 10n * UNIT;
const [partner, broker] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];

/**
 * Every bad input that the signer must answer well, in the order of the list it was built from. A line is tested here, or
 * `isTested` names the test that does, and fails when that test is gone.
 */
describe("bad inputs", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;
  let behind: SignerUnderTest;
  const partners = () => `${launch.folder}/partners.json`;

  before(async () => {
    launch = await startSignerLaunch();
    const registered = [
      { id: "exchange", publicKey: rawKey(partner.publicKey) },
      { id: "broker", publicKey: rawKey(broker.publicKey) },
    ];
    launch.write("partners.json", JSON.stringify(registered));
    signer = await startSigner(launch, { env: { PARTNERS_FILE: partners() }, requestTimeoutMs: 150 });
    behind = await startSigner(launch, {
      databaseUrl: signer.databaseUrl,
      env: { PARTNERS_FILE: partners(), TRUSTED_PROXY: "127.0.0.1", PUBLIC_URL: signer.url },
    });
  });
  beforeEach(() => {
    signer.clock.still = undefined;
    signer.clock.shift = 0;
  });
  after(async () => {
    await behind.close();
    await signer.close();
    await launch.close();
  });

  const body = (buyer: string, more: object = {}) =>
    JSON.stringify({ sale: launch.record.sale, buyer, nonce: "0", cumulativeCap: String(CAP), ...more });
  const outcome = ({ status, json }: { status: number; json: { code?: string } }) => [status, json.code];
  const wantedOf = ({ json }: { json: Record<string, unknown> }) =>
    (json["fields"] as { field: string; wanted: string }[] | undefined) ?? [];

  async function known(): Promise<string> {
    const { address } = newAccount();
    await signer.decide(address);
    return address;
  }
  async function signed(text: string, change: Partial<SignedRequest> = {}) {
    const now = Math.floor(await signer.databaseNow());
    return signRequest({
      ...{ target: `${signer.url}/v1/orders`, body: text, idempotencyKey: newKey(), now },
      ...{ privateKey: partner.privateKey, keyid: "exchange", ...change },
    });
  }
  async function partnerOrder(change: Partial<SignedRequest> = {}, text?: string) {
    const sent = text ?? body(await known());
    return signer.ask("POST", "/v1/orders", { body: sent, headers: await signed(sent, change) });
  }
  async function ordersOf(buyer: string): Promise<number> {
    const { rows } = await signer.pool.query("SELECT FROM orders WHERE buyer = $1", [buyer.toLowerCase()]);
    return rows.length;
  }

  describe("A. Transport, framing, parsing", () => {
    isTested("a body above the limit", "requests", "as too large: 413 at 16 KiB + 1");
    it("a body above the limit closes the connection", async () => {
      const head = "POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
      const answer = await raw(`${head}Content-Length: 16385\r\n\r\n${" ".repeat(16_385)}`);
      expect(answer).to.match(/^HTTP\/1.1 413 /);
      expect(answer.toLowerCase()).to.contain("connection: close");
    });

    for (const [what, text] of [
      ["a chunked body that never ends", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"],
      ["a body that stops half way", "Content-Length: 100\r\n\r\n{"],
      ["headers that never end", "X-Slow: "],
    ] as const) {
      it(`${what}: 408, and no database connection was held`, async () => {
        const head = "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        const answering = raw(`${head}${text}`);
        expect(signer.pool.totalCount - signer.pool.idleCount).to.equal(0);
        expect(await answering).to.match(/^HTTP\/1.1 408 /);
      });
    }

    isTested("length and transfer encoding", "requests", "have length and transfer encoding: 400, closed");
    isTested("compressed", "requests", "as compressed or not JSON by type: 415");
    isTested("invalid UTF-8", "requests", "broken UTF-8");
    isTested("a lone surrogate", "requests", "a lone surrogate");
    isTested("a byte order mark", "requests", "a byte order mark");
    isTested("bytes after the value", "requests", "bytes after the value");
    isTested("prototype members", "requests", "__proto__");
    isTested("unknown members", "requests", "an unknown member");

    it("NUL in any string, path or query: refused before SQL", async () => {
      const { session } = await signer.buyer();
      const { token } = session.session;
      for (const text of ['{"message":"\\u0000","signature":"0x"}', '{"a\\u0000b":1}']) {
        expect(outcome(await signer.ask("POST", "/v1/sessions", { body: text }))).to.deep.equal([
          422,
          "field-invalid",
        ]);
      }
      expect((await signer.ask("GET", "/v1/eligibility?wallet=%00", { token })).status).to.equal(422);
      expect((await signer.ask("GET", "/v1/orders/%00", { token })).status).to.equal(404);
    });

    it("a partner that replaces a buyer's own order: refused, and the order stays", async () => {
      const { address, session } = await signer.buyer();
      const key = newKey();
      const { order } = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      const text = body(address, { supersedes: order.orderId });
      expect(outcome(await partnerOrder({}, text))).to.deep.equal([409, "order-open"]);
      expect((await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP })).order).to.deep.equal(order);
    });

    it("bytes at random on raw sockets: never a 500, never a hang", async () => {
      const { address, session } = await signer.buyer();
      const headers = await signed(body(address));
      const line = (values: Record<string, string>) =>
        Object.entries(values).map(([name, value]) => `${name}: ${value}\r\n`);
      const requests = operations.flatMap(({ method, path }) => {
        const target = path.replace(/\{\w+\}/g, "a1").concat(method === "get" ? "?wallet=x&after=1" : "");
        const start = `${method.toUpperCase()} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
        const bearer = line({
          authorization: `Bearer ${session.session.token}`,
          "idempotency-key": newKey(),
        });
        if (method === "get") return [`${start}${bearer.join("")}\r\n`];
        const text = body(address, { message: "m", signature: "0x", reason: "r", decision: "approved" });
        return [bearer, line(headers)].map(
          (credentials) =>
            `${start}content-type: application/json\r\ncontent-length: ${String(text.length)}\r\n${credentials.join("")}\r\n${text}`,
        );
      });
      const random = seededRandom(9421);
      for (let round = 0; round < 12; round++) {
        const sent = Array.from({ length: 32 }, () =>
          fuzzed(requests[Math.floor(random() * requests.length)] ?? "", random),
        );
        const statuses = await Promise.all(sent.map((bytes) => statusOf(signer.url, bytes)));
        const failed = sent.filter((_, index) => (statuses[index] ?? 500) >= 500);
        expect(failed.map((bytes) => bytes.toString("latin1"))).to.deep.equal([]);
      }
      expect((await signer.ask("GET", "/readyz")).status).to.equal(200);
      expect(signer.pool.totalCount - signer.pool.idleCount).to.equal(0);
    });

    isTested("digits that are not ASCII, blanks, line ends", "requests", '"1\\u00a0"');
    isTested("a method override", "requests", "an override header");
    isTested("TRACE, and GET with a body", "requests", "TRACE, and GET with a body");
    isTested("two hosts, an absolute target", "requests", "have two hosts, or an absolute target: 400");
  });

  describe("B. Field values", () => {
    isTested("caps that are no amount", "requests", "1e21");
    isTested("a cap of 2^256 − 1", "policy", "2n ** 256n - 1n");
    isTested("a validity of the client's own", "requests", "a validity of its own");
    isTested("a tier of the client's own", "requests", "a tier of its own");
    isTested("another sale", "requests", "for another sale find nothing: 404");
    isTested("a buyer that is nobody", "partners", "cannot order for what is no buyer");
    isTested("a wrong checksum", "requests", "a wrong checksum");
    isTested("one buyer in three spellings", "requests", "in lower, upper and checksummed case for the same");

    for (const member of ["signature", "signer", "domain", "entityId", "priceWei", "orderId", "principal"]) {
      it(`${member} in an order: 400`, async () => {
        const buyer = await known();
        expect(outcome(await partnerOrder({}, body(buyer, { [member]: "0" })))).to.deep.equal([
          400,
          "request-malformed",
        ]);
        expect(await ordersOf(buyer)).to.equal(0);
      });
    }
    isTested("a digest to sign", "requests", "also for signing what somebody brings");

    it("are told in our words, never a library's", async () => {
      const { session } = await signer.buyer();
      const { token } = session.session;
      const headers = { "idempotency-key": newKey() };
      const values: unknown[] = [undefined, null, 1, true, [], {}, "", "x"];
      const bodies = values.flatMap((value) => [
        ...(value === undefined ? [] : [value]),
        ...["sale", "buyer", "nonce", "cumulativeCap", "supersedes"].map((field) => ({
          ...(JSON.parse(body(session.session.wallet)) as object),
          [field]: value,
        })),
      ]);
      const answers = await Promise.all([
        ...bodies.map((one) =>
          signer.ask("POST", "/v1/orders", { token, headers, body: JSON.stringify(one) }),
        ),
        ...values.map((one) =>
          signer.ask("POST", "/v1/sessions", { body: JSON.stringify({ message: one, signature: one }) }),
        ),
        signer.ask("GET", "/v1/eligibility?wallet=a&wallet=b", { token }),
        signer.ask("POST", "/v1/orders", { token, headers }),
      ]);
      const wanted = answers.flatMap(wantedOf).map((field) => field.wanted);
      expect(wanted.length).to.be.greaterThan(50);
      for (const words of wanted) expect(words).not.to.match(/invalid|expected|received|zod/i);
    });
  });

  describe("C. Authentication and request signature", () => {
    isTested("no session and no signature", "sessions", "are needed, and no other token passes");
    isTested("an unknown key", "partners", "an unknown key");
    isTested("a body that is not the one signed", "partners", "a body changed after signing");
    isTested("a signature that covers too little", "partners", "digest not covered");
    isTested("another algorithm", "partners", "another algorithm named");

    it("HMAC with the public key as its secret, and RSA by name: 401", async () => {
      for (const alg of ["hmac-sha256", "rsa-v1_5-sha256", "ed448", "ED25519", ""]) {
        expect(outcome(await partnerOrder({ extra: `;alg="${alg}"` })), alg).to.deep.equal([
          401,
          "signature-invalid",
        ]);
      }
    });

    isTested("the same request again", "partners", "are refused as replayed when sent again byte for byte");

    it("one nonce for different keys and bodies, 20 at once on two replicas: one passes", async () => {
      const nonce = randomBytes(16).toString("base64url");
      const requests = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const text = body(await known());
          return { body: text, headers: await signed(text, { nonce }) };
        }),
      );
      const answers = await Promise.all(
        requests.map((request, index) =>
          index % 2 === 0
            ? signer.ask("POST", "/v1/orders", request)
            : behind.ask("POST", "/v1/orders", {
                ...request,
                headers: { ...request.headers, "x-forwarded-proto": "https" },
              }),
        ),
      );
      expect(answers.filter(({ status }) => status === 201)).to.have.lengthOf(1);
      expect(answers.filter(({ json }) => json.code === "request-replayed")).to.have.lengthOf(19);
    });

    isTested("created too old, ahead, fractional, negative", "partners", "created 10 minutes ago");
    isTested("created at exactly 300 s", "partners", "pass with created 300 s away, and fail at 301");
    isTested("a nonce that is short, long or not canonical", "partners", "are malformed with the nonce");

    it("a nonce is kept longer than its request could be accepted anywhere", async () => {
      const now = Math.floor(await signer.databaseNow());
      signer.clock.still = now;
      const text = body(await known());
      const headers = await signed(text, { created: now, expires: now + 300 });
      const send = () => signer.ask("POST", "/v1/orders", { body: text, headers });
      expect((await send()).status).to.equal(201);
      // A replica whose clock is 300 s ahead clears away just before the request expires here.
      signer.clock.still = now + 299 + 300;
      await signer.purge();
      signer.clock.still = now + 299;
      expect(outcome(await send())).to.deep.equal([409, "request-replayed"]);
    });

    it("signed for one sale and sent for another: 401", async () => {
      const buyer = await known();
      const headers = await signed(body(buyer));
      const moved = body(buyer, { sale: launch.record.token });
      expect(outcome(await signer.ask("POST", "/v1/orders", { body: moved, headers }))).to.deep.equal([
        401,
        "signature-invalid",
      ]);
    });

    it("signed for staging and sent to production: 401", async () => {
      const target = "https://staging.example/v1/orders";
      expect(outcome(await partnerOrder({ target }))).to.deep.equal([401, "signature-invalid"]);
    });

    it("one partner's order under another partner's key: 404, and their equal keys are two orders", async () => {
      const [mine, idempotencyKey] = [body(await known()), newKey()];
      const first = await partnerOrder({ idempotencyKey }, mine);
      const path = `/v1/orders/${first.json.orderId ?? ""}`;
      const get = { target: `${signer.url}${path}`, method: "GET", idempotencyKey: undefined };
      const components = ["@method", "@target-uri"];
      const theirs = { privateKey: broker.privateKey, keyid: "broker" };
      const look = async (who: object) =>
        signer.ask("GET", path, { headers: await signed("", { ...get, components, ...who }) });
      expect((await look({})).status).to.equal(200);
      expect(outcome(await look(theirs))).to.deep.equal([404, "order-unknown"]);
      const second = await partnerOrder({ idempotencyKey, ...theirs }, body(await known()));
      expect(second.status).to.equal(201);
      expect(second.json.orderId).not.to.equal(first.json.orderId);
    });

    it("bad signatures under a rotating X-Forwarded-For: one address is limited, partners are not", async () => {
      const tight = await startSignerLaunch({ policy: { requestsPerMinute: 1n } });
      tight.write("partners.json", readFileSync(partners(), "utf8"));
      const limited = await startSigner(tight, { env: { PARTNERS_FILE: `${tight.folder}/partners.json` } });
      try {
        const flood = await Promise.all(
          Array.from({ length: 25 }, (_, index) =>
            limited.ask("GET", "/v1/orders", {
              token: "A".repeat(43),
              headers: { "x-forwarded-for": `10.0.0.${String(index)}` },
            }),
          ),
        );
        const codes = flood.map(({ json }) => json.code);
        expect(codes.filter((code) => code === "session-invalid")).to.have.lengthOf(20);
        expect(codes.filter((code) => code === "rate-limited")).to.have.lengthOf(5);
        const components = ["@method", "@target-uri"];
        const headers = signRequest({
          ...{ target: `${limited.url}/v1/orders`, method: "GET", body: "", components },
          ...{ privateKey: partner.privateKey, keyid: "exchange", now: Math.floor(Date.now() / 1000) },
        });
        expect((await limited.ask("GET", "/v1/orders", { headers })).status).to.equal(200);
      } finally {
        await limited.close();
        await tight.close();
      }
    });

    it("in the clear at the declared proxy: 403, but for health", async () => {
      expect(outcome(await behind.ask("POST", "/v1/sessions/nonce"))).to.deep.equal([403, "https-required"]);
      const headers = { "x-forwarded-proto": "https" };
      expect((await behind.ask("POST", "/v1/sessions/nonce", { headers })).status).to.equal(201);
      expect((await behind.ask("GET", "/healthz")).status).to.equal(200);
    });
  });

  describe("D. Idempotency", () => {
    isTested("the same again", "orders", "gives the same bytes, marked as replayed");
    isTested("40 at once", "orders", "gives one voucher and the same bytes to 40 at once on two replicas");
    isTested("another payload at once", "orders", "lets one payload win of many at once");

    it("a key at a renewal, which takes none: 422", async () => {
      const { session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
      const answer = await signer.ask("POST", `/v1/orders/${order.orderId}/renew`, {
        token: session.session.token,
        headers: { "idempotency-key": newKey() },
      });
      expect(outcome(answer)).to.deep.equal([422, "field-invalid"]);
    });

    isTested("keys that are none", "requests", "with the key ");
    isTested("killed after commit", "process", "killed between commit and reply gives the committed voucher");
    isTested(
      "a crash of the database",
      "limits",
      "commits orders so that a crash of the database keeps them",
    );

    it("a database that was put back signs nothing until the old vouchers' longest life is final", async () => {
      const restored = await startSigner(launch);
      const { session } = await restored.buyer();
      const order = (at: { session: typeof session }) =>
        codeOf(at.session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP }));
      expect(await order({ session })).to.equal("passed");
      // As a dump of it in another database would say.
      await restored.pool.query("UPDATE lineage SET identity = 'elsewhere'");
      const again = await startSigner(launch, { databaseUrl: restored.databaseUrl });
      try {
        const someone = await again.buyer();
        const now = await launch.chain.now();
        expect(await order(someone)).to.equal("not-ready");
        const { json } = await again.ask("GET", "/readyz");
        const failing = (json["checks"] as { name: string; ok: boolean }[]).filter(({ ok }) => !ok);
        expect(failing.map(({ name }) => name)).to.deep.equal(["restored"]);

        const longest = 3_600n;
        await launch.chain.moveTo(now + longest);
        expect(await order(someone), "over, not final").to.equal("not-ready");
        for (let block = 0; block < 8; block++) await launch.chain.client.mine({ blocks: 1 });
        expect(await order(someone), "final").to.equal("passed");
      } finally {
        await again.close();
        await restored.close();
      }
    });

    it("a database that is away: 503, nothing signed", async () => {
      const proxy = await startDatabaseProxy(signer.databaseUrl);
      const cut = await startSigner(launch, { databaseUrl: proxy.url });
      try {
        const { session, address } = await cut.buyer();
        await proxy.close();
        const answer = await cut.ask("POST", "/v1/orders", {
          token: session.session.token,
          headers: { "idempotency-key": newKey() },
          body: body(address),
        });
        expect(outcome(answer)).to.deep.equal([503, "database-unreachable"]);
        expect(answer.text).not.to.contain('"signature"');
        expect(await ordersOf(address)).to.equal(0);
      } finally {
        await cut.close();
      }
    });

    it("a client that goes away in the middle leaves the whole order or none", async () => {
      const { session, address } = await signer.buyer();
      const key = newKey();
      const gone = new AbortController();
      const request = fetch(`${signer.url}/v1/orders`, {
        method: "POST",
        signal: gone.signal,
        headers: {
          authorization: `Bearer ${session.session.token}`,
          "content-type": "application/json",
          "idempotency-key": key,
        },
        body: body(address),
      }).catch(() => undefined);
      setImmediate(() => gone.abort());
      await request;
      const { order } = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      expect(await ordersOf(address)).to.equal(1);
      expect((await session.order(order.orderId)).status).to.equal("open");
    });
  });

  describe("E. KYC, AML, policy", () => {
    isTested("a decision that does not allow it", "policy", "at the order and in eligibility alike");
    isTested("revoked between check and commit", "orders", "wins against an order that waits for the person");
    isTested("sanctioned after the order", "policy", "from the moment the list has it");
    isTested("a sanctions list that is empty or broken", "readiness", "ends with the sanctions list");
    isTested(
      "one that is cut off or shrinks",
      "sdnList",
      "cut off, emptied or a fifth shorter keeps the last good",
    );
    isTested("one that is old", "sdnList", "is trusted up to its age and not an hour longer");
    isTested("a provider's other algorithm", "providers", "by SHA-512 pass, by SHA-1, MD5 or none do not");
    isTested(
      "a provider's sandbox, and strangers",
      "providers",
      "of the sandbox count on the local chain alone",
    );
    isTested(
      "a check that nobody named",
      "providers",
      "of a check that nobody named, or named for another tier",
    );
    isTested("a person that a browser named", "providers", "decide nothing about whom a browser named");
    isTested(
      "approved after an operator refused",
      "providers",
      "leave whom an operator refused or revoked so",
    );

    it("countries are ISO 3166 in force, without aliases, unions and reserved parts", () => {
      const passes = (code: string) => country.safeParse(code).success;
      for (const code of ["DE", "GB", "US", "US-NY", "UA-43", "XK", "CI", "DE+KP", "DE+UA-43+US+GB"])
        expect(passes(code), code).to.be.true;
      for (const code of [
        "us",
        "USA",
        "840",
        "XX",
        "ZZ",
        "QQ",
        "UK",
        "SU",
        "EU",
        "IC",
        "DE-",
        "DE-BAYE",
        "DE,FR",
        "DE+",
        "DE+XX",
        "DE+FR+GB+US+CI",
        "",
      ])
        expect(passes(code), code).to.be.false;
    });

    isTested("two nationalities, one of them denied", "policy", "denies a country with its parts");
    isTested("a webhook with another signature", "kyc", "are refused with any other signature");
    isTested("a webhook while its secret changes", "kyc", "are accepted with the old and the new secret");
    isTested("a login for elsewhere", "sessions", "another domain");
    isTested("a contract's login without a nonce", "sessions", "only with a nonce that there is");
    isTested("a nonce in the statement only", "sessions", "a nonce in the statement only");
    isTested("personal data", "kyc", "take no personal data");
  });

  describe("F. Signature and binding on chain", () => {
    isTested("for another sale", "../contracts/Purchase.t", "test_Threat01_refuses_voucher_of_another_sale");
    isTested("after a fork", "../contracts/Purchase.t", "test_Threat01_refuses_voucher_on_another_chain");
    isTested("redeemed twice", "../contracts/Purchase.t", "test_Threat01_refuses_used_voucher");
    isTested("by another wallet", "../contracts/Purchase.t", "test_T6_refuses_voucher_of_another_buyer");
    isTested(
      "beyond its cap in parts",
      "../contracts/Purchase.t",
      "test_T7_cap_is_the_buyers_not_the_vouchers",
    );
    isTested("the same hash in both languages", "../sdk/vectors", "`voucher: $");
    isTested("another domain on chain", "readiness", '["domain"]');
    isTested("a signer that is not admitted", "readiness", '["signer"]');

    it("struck off with a voucher outstanding: the next signer gives the order again at the same nonce", async () => {
      const rotating = await startSignerLaunch();
      const old = await startSigner(rotating);
      const { session, account } = await old.buyer();
      const key = newKey();
      const first = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      const privateKey = generatePrivateKey();
      const next = privateKeyToAddress(privateKey);
      await rotating.rotateSigner(next);
      const SIGNER_KEY_FILE = rotating.write("next.key", `${privateKey}\n`);
      const { databaseUrl } = old;
      const renewed = await startSigner(rotating, { databaseUrl, env: { SIGNER_KEY_FILE } });
      try {
        const elsewhere = await renewed.login(account);
        const again = await elsewhere.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
        expect(again.order).to.include({ orderId: first.order.orderId, signer: next });
        await rotating.buy(account, again.order, CAP);
      } finally {
        await renewed.close();
        await old.close();
        await rotating.close();
      }
    });
  });

  describe("G. Secrets, operations, resources", () => {
    isTested("an operator's key revoked", "operators", "revoked are refused at once, on another replica too");
    isTested("an operator's key beyond its scopes", "operators", "do what their scopes say");
    isTested(
      "a slower curve taken silently",
      "signingKey",
      "signs natively where it can, else in JavaScript",
    );
    isTested("SIGTERM with 64 in flight", "process", "answers 64 requests in flight after SIGTERM");
    isTested("seeded secrets in its output", "process", "shows no secret in its output");
    isTested("a key in what is printed", "readiness", "keeps key and secrets out of what is printed");
    isTested("a secret's age", "secrets", "know how old each is, by line");
    isTested("a rotation with overlap", "secrets", "replaced with an overlap and without a restart");
    isTested("a secret that is read", "secrets", "leave a row in the audit log each time they are read");
    isTested("an audit log that takes nothing", "secrets", "that the audit log does not take are not used");
    isTested("limits at their edge", "requests", "429 with the wait, for this client alone");

    it("the limit holds over replicas", async () => {
      const tight = await startSignerLaunch({ policy: { requestsPerMinute: 6n } });
      const one = await startSigner(tight);
      const other = await startSigner(tight, { databaseUrl: one.databaseUrl });
      try {
        const { session } = await one.buyer();
        const { token } = session.session;
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            (index % 2 === 0 ? one : other).ask("GET", "/v1/orders", { token }),
          ),
        );
        expect(answers.filter(({ status }) => status === 200)).to.have.lengthOf(6);
        for (const { status, headers } of answers)
          expect([status === 429, headers.get("ratelimit-policy")]).to.deep.equal([
            headers.has("retry-after"),
            '"client";q=6;w=60',
          ]);
      } finally {
        await other.close();
        await one.close();
        await tight.close();
      }
    });

    it("a node that redirects is not followed", async () => {
      let followed = 0;
      const inside = createServer((_, response) => response.end(String((followed += 1)))).listen(
        0,
        "127.0.0.1",
      );
      await once(inside, "listening");
      const node = createServer((_, response) => {
        response.writeHead(307, { location: urlOf(inside) }).end();
      }).listen(0, "127.0.0.1");
      await once(node, "listening");
      const led = await startSigner(launch, { env: { RPC_URL: urlOf(node) } });
      try {
        expect((await led.ask("GET", "/v1/launch")).json.code).to.equal("chain-unreachable");
        expect(followed).to.equal(0);
      } finally {
        await led.close();
        node.close();
        inside.close();
      }
    });

    isTested(
      "a voucher that expired unused",
      "policy",
      "is free again only when an unused voucher's end is final",
    );

    it("a deadlock with somebody else is tried again, and costs the partner no nonce", async () => {
      const address = await known();
      const other = await signer.pool.connect();
      try {
        await other.query("BEGIN");
        await other.query("LOCK TABLE vouchers IN SHARE MODE");
        // Of the replica that waits as long as a service does.
        const headers = { ...(await signed(body(address))), "x-forwarded-proto": "https" };
        const attempt = behind.ask("POST", "/v1/orders", { body: body(address), headers });
        await untilWaiting(signer.pool);
        // The order holds this row and waits for the table: PostgreSQL lets it give way, as it waited first.
        await other.query("SELECT FROM subjects WHERE subject = $1 FOR UPDATE", [`person-${address}`]);
        await other.query("COMMIT");
        const answer = await attempt;
        expect(answer.status, answer.text).to.equal(201);
        expect(await ordersOf(address)).to.equal(1);
      } finally {
        other.release(true);
      }
    });
  });

  /** One raw exchange; what came until the server closed. */
  function raw(text: string): Promise<string> {
    return new Promise((done, fail) => {
      const { hostname, port } = new URL(signer.url);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let answer = "";
      socket.on("data", (data: Buffer) => (answer += data.toString()));
      socket.on("close", () => done(answer));
      socket.on("error", fail);
    });
  }
});

/** This line's test is in another file: it must still be there. */
function isTested(line: string, file: string, title: string): void {
  it(`${line}: in ${file}`, () => {
    const path = new URL(`${file}${file.endsWith(".t") ? ".sol" : ".test.ts"}`, import.meta.url);
    expect(readFileSync(path, "utf8")).to.contain(title);
  });
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
