import { expect } from "chai";
import { connect } from "node:net";
import {
  EXPORT_KEY,
  PAGE,
  startSignerLaunch,
  UNIT,
  WEBHOOK_SECRETS,
  type SignerLaunch,
} from "../support/signerLaunch.ts";
import { newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

type Buyer = Awaited<ReturnType<SignerUnderTest["buyer"]>>;

describe("requests", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;
  let buyer: Buyer;

  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
    buyer = await signer.buyer();
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  const good = () => ({
    sale: launch.record.sale,
    buyer: buyer.address,
    nonce: "0",
    cumulativeCap: String(UNIT),
  });
  const post = (
    body: unknown,
    { key = newKey(), headers = {} }: { key?: string; headers?: Record<string, string> } = {},
  ) =>
    signer.ask("POST", "/v1/orders", {
      token: buyer.session.session.token,
      body,
      headers: { "idempotency-key": key, ...headers },
    });
  const outcome = ({ status, json }: { status: number; json: { code?: string } }) => [status, json.code];

  describe("that cannot be read", () => {
    const bodies: [string, () => string | Uint8Array][] = [
      ["not JSON", () => "{"],
      ["nothing but a number", () => "5"],
      ["null", () => "null"],
      ["a list", () => "[]"],
      ["bytes after the value", () => `${JSON.stringify(good())} x`],
      ["a byte order mark", () => `\uFEFF${JSON.stringify(good())}`],
      [
        "broken UTF-8",
        () => Buffer.concat([Buffer.from('{"sale":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
      ],
      ["a lone surrogate", () => '{"sale":"\\ud800"}'],
      ["__proto__", () => `{"__proto__":{"admin":true},${JSON.stringify(good()).slice(1)}`],
      ["constructor", () => `{"constructor":{"prototype":{}},${JSON.stringify(good()).slice(1)}`],
      ["an unknown member", () => JSON.stringify({ ...good(), admin: true })],
      ["its own signature", () => JSON.stringify({ ...good(), signature: "0x", signer: buyer.address })],
      ["a validity of its own", () => JSON.stringify({ ...good(), validUntil: "9007199254740993" })],
      ["a tier of its own", () => JSON.stringify({ ...good(), tier: 2 })],
    ];
    for (const [what, body] of bodies) {
      it(`as ${what}: 400`, async () => {
        expect(outcome(await post(body()))).to.deep.equal([400, "request-malformed"]);
        expect(({} as { admin?: boolean }).admin).to.equal(undefined);
      });
    }

    it("as too large: 413 at 16 KiB + 1, not at 16 KiB", async () => {
      const padded = (size: number) => JSON.stringify(good()).padEnd(size, " ");
      expect(outcome(await post(padded(16 * 1024 + 1)))).to.deep.equal([413, "body-too-large"]);
      expect((await post(padded(16 * 1024))).status).to.equal(201);
    });

    it("as compressed or not JSON by type: 415", async () => {
      for (const headers of [{ "content-encoding": "gzip" }, { "content-type": "text/plain" }] as Record<
        string,
        string
      >[]) {
        expect(outcome(await post(JSON.stringify(good()), { headers }))).to.deep.equal([
          415,
          "media-type-unsupported",
        ]);
      }
    });
  });

  describe("with a value that is not acceptable: 422", () => {
    const values: [string, string, unknown][] = [
      ...[
        0,
        -1,
        1e21,
        5,
        "0",
        "-1",
        "-0",
        "0x10",
        "01",
        "1.0",
        "1e3",
        "",
        " 1",
        "1\n",
        "1\u00a0",
        "١",
        "１",
        null,
        [],
        {},
      ].map((value): [string, string, unknown] => ["cumulativeCap", JSON.stringify(value), value]),
      ["cumulativeCap", "2^256", (2n ** 256n).toString()],
      ["cumulativeCap", "NUL", "1\u0000"],
      ["nonce", "a number", 0],
      ["nonce", "-1", "-1"],
      ["buyer", "too short", "0x12"],
      ["buyer", "not hex", `0x${"g".repeat(40)}`],
      ["buyer", "no prefix", "a".repeat(40)],
      ["buyer", "a wrong checksum", "0xD8dA6BF26964aF9D7eEd9e03E53415D37aA96045".replace("dA6", "DA6")],
      ["supersedes", "too short", "0x12"],
      ["sale", "missing", undefined],
    ];
    for (const [field, what, value] of values) {
      it(`${field}: ${what}`, async () => {
        const answer = await post({ ...good(), [field]: value });
        expect(outcome(answer)).to.deep.equal([422, "field-invalid"]);
        if (what !== "NUL") expect((answer.json["fields"] as { field: string }[])[0]?.field).to.equal(field);
      });
    }
  });

  it("take a buyer in lower, upper and checksummed case for the same", async () => {
    const someone = await signer.buyer();
    const key = newKey();
    const digits = someone.address.slice(2);
    const forms = [someone.address, `0x${digits.toLowerCase()}`, `0x${digits.toUpperCase()}`];
    const texts = new Set<string>();
    for (const form of forms) {
      const body = { ...good(), buyer: form, sale: launch.record.sale.toLowerCase() };
      const token = someone.session.session.token;
      const { status, text } = await signer.ask("POST", "/v1/orders", {
        token,
        body,
        headers: { "idempotency-key": key },
      });
      expect(status).to.equal(201);
      texts.add(text);
    }
    expect(texts.size).to.equal(1);
  });

  it("for another sale find nothing: 404", async () => {
    expect(outcome(await post({ ...good(), sale: launch.record.token }))).to.deep.equal([
      404,
      "sale-unknown",
    ]);
  });

  for (const key of [
    "",
    "short",
    "k".repeat(256),
    `"${"k".repeat(32)}"`,
    `k k${"k".repeat(32)}`,
    `${"k".repeat(16)},${"k".repeat(16)}`,
    `${"k".repeat(20)}ÿ`,
  ]) {
    it(`with the key ${JSON.stringify(key).slice(0, 40)}: 400`, async () => {
      expect(outcome(await post(good(), { key }))).to.deep.equal([400, "key-invalid"]);
    });
  }

  it("without a key: 400", async () => {
    const answer = await signer.ask("POST", "/v1/orders", {
      token: buyer.session.session.token,
      body: good(),
    });
    expect(outcome(answer)).to.deep.equal([400, "key-invalid"]);
  });

  describe("by another method: 405 with Allow, and no effect", () => {
    for (const [method, path] of [
      ["GET", "/v1/sessions"],
      ["PUT", "/v1/orders"],
      ["DELETE", "/v1/orders"],
      ["PATCH", "/v1/launch"],
      ["HEAD", "/v1/launch"],
      ["OPTIONS", "/v1/orders"],
    ] as const) {
      it(`${method} ${path}`, async () => {
        const answer = await signer.ask(method, path);
        expect(answer.status).to.equal(405);
        expect(answer.headers.get("allow")).to.match(/GET|POST/);
      });
    }

    it("an override header", async () => {
      const headers = { "x-http-method-override": "DELETE" };
      expect(outcome(await post(good(), { headers }))).to.deep.equal([405, "method-not-allowed"]);
    });

    it("TRACE, and GET with a body", async () => {
      expect(await raw("TRACE /v1/launch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).to.match(
        /^HTTP\/1.1 (400|405) /,
      );
      const get = "GET /v1/launch HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
      expect(await raw(get)).to.match(/^HTTP\/1.1 405 /);
    });
  });

  it("to a path that is not: 404, also for signing what somebody brings", async () => {
    for (const path of ["/", "/v1", "/v1/sign", "/v1/orders/0x12/sign", "/v2/orders", "/v1/orders/"]) {
      const answer = await signer.ask("POST", path, { body: { digest: "0x" } });
      expect(answer.status, path).to.equal(404);
      expect(answer.headers.get("content-type")).to.contain("application/problem+json");
    }
  });

  describe("that are broken on the wire", () => {
    it("have length and transfer encoding: 400, closed", async () => {
      const head =
        "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
      expect(await raw(head)).to.match(/^HTTP\/1.1 400 /);
    });

    it("have two hosts, or an absolute target: 400", async () => {
      expect(await raw("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n")).to.match(
        /^HTTP\/1.1 400 /,
      );
      expect(await raw("GET http://evil/healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).to.match(
        /^HTTP\/1.1 400 /,
      );
    });

    it("are no HTTP at all: 400 as a problem", async () => {
      const answer = await raw("hello\r\n\r\n");
      expect(answer).to.match(/^HTTP\/1.1 400 /);
      expect(answer).to.contain('"code":"request-malformed"');
    });
  });

  describe("from pages", () => {
    const preflight = (origin: string) =>
      signer.ask("OPTIONS", "/v1/orders", { headers: { origin, "access-control-request-method": "POST" } });

    it("of the launch may call, and read what they need", async () => {
      const answer = await preflight(PAGE);
      expect(answer.status).to.equal(204);
      expect(answer.headers.get("access-control-allow-origin")).to.equal(PAGE);
      expect(answer.headers.get("access-control-allow-headers")).to.contain("Idempotency-Key");
      const refused = await signer.ask("GET", "/v1/eligibility", { headers: { origin: PAGE } });
      expect(refused.headers.get("access-control-allow-origin"), "on errors too").to.equal(PAGE);
      expect(refused.headers.get("access-control-expose-headers")).to.contain("Idempotency-Replayed");
    });

    it("of others may not", async () => {
      const answer = await preflight("https://evil.example");
      expect(answer.headers.get("access-control-allow-origin")).to.equal(null);
    });
  });

  it("too many: 429 with the wait, for this client alone, and waiting is enough", async () => {
    const tight = await startSignerLaunch({ policy: { requestsPerMinute: 5n } });
    const limited = await startSigner(tight);
    try {
      const [one, two] = [await limited.buyer(), await limited.buyer()];
      const ask = (who: Buyer) => limited.ask("GET", "/v1/orders", { token: who.session.session.token });
      for (let asked = 0; asked < 5; asked++) expect((await ask(one)).status).to.equal(200);
      const refused = await ask(one);
      expect(outcome(refused)).to.deep.equal([429, "rate-limited"]);
      expect(refused.headers.get("ratelimit-policy")).to.equal('"client";q=5;w=60');
      const wait = Number(refused.headers.get("retry-after"));
      expect(wait).to.be.within(11, 12);
      for (let asked = 0; asked < 3; asked++) await ask(one);
      expect((await ask(two)).status).to.equal(200);
      limited.clock.shift = wait;
      expect((await ask(one)).status).to.equal(200);
    } finally {
      await limited.close();
      await tight.close();
    }
  });

  it("too many of wallets without a person: 429 for their network, however many wallets; people are not among them", async () => {
    const tight = await startSignerLaunch({ policy: { requestsPerMinute: 4n } });
    const limited = await startSigner(tight);
    try {
      limited.clock.still = Math.floor(await limited.databaseNow());
      const buyer = await limited.buyer();
      const ask = ({ session }: { session: Buyer["session"] }) =>
        limited.ask("GET", "/v1/eligibility", { token: session.session.token });
      const strangers = [];
      // Twenty times as many as a client may: 80, two for each sign-in; the buyer's are spent, 8 are left to ask with.
      for (let wallet = 0; wallet < 35; wallet++)
        strangers.push({ session: await limited.login(newAccount()) });
      const codes = [];
      for (const stranger of strangers.slice(0, 10)) codes.push((await ask(stranger)).json.code);
      expect(codes).to.deep.equal([...Array<string>(8).fill("kyc-missing"), "rate-limited", "rate-limited"]);
      expect((await ask(buyer)).status).to.equal(200);
    } finally {
      await limited.close();
      await tight.close();
    }
  });

  it("name launch and policy to anybody", async () => {
    const { json, status } = await signer.ask("GET", "/v1/launch");
    expect(status).to.equal(200);
    const { termsHash, policyHash, sale } = launch.record;
    expect(json).to.include({ termsHash, policyHash, sale, chainId: 31337, signer: launch.signer.address });
  });

  it("tell anybody what doctor compares, and no secret", async () => {
    const { json, text, status } = await signer.ask("GET", "/v1/status");
    expect(status).to.equal(200);
    const { termsHash, policyHash, sale } = launch.record;
    const { number, timestamp } = await launch.chain.client.getBlock();
    expect(json).to.deep.include({
      ...{ chainId: 31337, sales: [{ sale, termsHash, policyHash }], signer: launch.signer.address },
      head: { number: Number(number), time: Number(timestamp) },
      keyAgesDays: { SIGNER_KEY: 0, EXPORT_KEY: 0, KYC_WEBHOOK_SECRET: 0 },
      ...{ requestsPerMinute: { client: 6_000, address: 120_000 }, behindProxy: false },
      ...{ origins: [PAGE], loginDomains: [new URL(PAGE).host] },
    });
    expect(json).not.to.have.property("quotasPerMinute");
    for (const secret of [...WEBHOOK_SECRETS, EXPORT_KEY, launch.folder, launch.chain.url]) {
      expect(text).not.to.contain(secret);
    }
  });

  it("tell nobody whose X-Forwarded headers count, only that somebody's do", async () => {
    const env = { TRUSTED_PROXY: "127.0.0.1,10.20.30.0/24" };
    const behind = await startSigner(launch, { databaseUrl: signer.databaseUrl, env });
    try {
      const headers = { "x-forwarded-proto": "https" };
      const { json, text } = await behind.ask("GET", "/v1/status", { headers });
      expect(json["behindProxy"]).to.equal(true);
      expect(text).not.to.contain("10.20.30");
    } finally {
      await behind.close();
    }
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
