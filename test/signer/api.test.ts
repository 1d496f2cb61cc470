import { expect } from "chai";
import { execFile, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { mnemonicToAccount } from "viem/accounts";
import { signerErrors } from "../../src/sdk/signerErrors.ts";
import * as answers from "../../src/signer/api/answers.ts";
import { operations } from "../../src/signer/api/operations.ts";
import {
  EXPORT_KEY,
  PAGE,
  startSignerLaunch,
  UNIT,
  WEBHOOK_SECRETS,
  type SignerLaunch,
} from "../support/signerLaunch.ts";
import { newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the API's description", () => {
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

  it("has every path the service has, and no other", () => {
    const folder = `${root}/src/signer/routes`;
    const sources = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, "utf8"));
    const served = sources
      .flatMap((text) => [...text.matchAll(/app\.(get|post)\(\s*"([^"]+)"/g)])
      .map(([, method = "", path = ""]) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`)
      .filter((each) => !["get /docs", "get /openapi.json", "get /metrics"].includes(each));
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).to.deep.equal(served.sort());
  });

  it("is OpenAPI 3.1 that names every parameter, answer and error", async () => {
    const { status, json, headers } = await signer.ask("GET", "/openapi.json");
    expect([status, headers.get("content-type")]).to.deep.equal([200, "application/json; charset=utf-8"]);
    expect(json["openapi"]).to.equal("3.1.0");
    type Described = { operationId: string; parameters?: { name: string; in: string }[]; responses: object };
    const paths = json["paths"] as Record<string, Record<string, Described>>;
    const all = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({ path, method, ...described })),
    );
    expect(new Set(all.map(({ operationId }) => operationId)).size).to.equal(operations.length);
    for (const { path, parameters = [], responses } of all) {
      const inPath = parameters.filter((one) => one.in === "path").map(({ name }) => `{${name}}`);
      expect(path.match(/\{\w+\}/g) ?? []).to.deep.equal(inPath);
      expect(Object.keys(responses)).to.include("429");
    }
    const text = JSON.stringify(json);
    for (const operation of operations)
      for (const code of operation.errors) expect(text).to.contain(signerErrors[code].title);
    expect(text, "a key of the service").not.to.contain(EXPORT_KEY);
  });

  it("can be read by people, without a script and from nowhere else", async () => {
    const { text, headers } = await signer.ask("GET", "/docs");
    expect(headers.get("content-type")).to.equal("text/html; charset=utf-8");
    expect(headers.get("content-security-policy")).to.contain("default-src 'none'");
    expect(text).not.to.match(/<script|(src|href)="?https?:/);
    for (const code of Object.keys(signerErrors)) expect(text).to.contain(`id="${code}"`);
    const order = /<section id="post-v1-orders">[^]*?<\/section>/.exec(text)?.[0];
    expect(order, "what to send besides the body").to.contain("<code>Idempotency-Key</code>");
    expect(text).to.contain("<td>a session</td><td><code>Authorization: Bearer …</code></td>");
  });

  it("fits what the service really answers", async () => {
    const { session, address } = await signer.buyer();
    const { token } = session.session;
    const headers = { "idempotency-key": newKey() };
    const body = { sale: launch.record.sale, buyer: address, nonce: "0", cumulativeCap: String(UNIT) };
    const event = {
      ...{ id: newKey(), decidedAt: new Date().toISOString(), subject: newKey(), wallets: [] },
      ...{ country: "DE", tier: "public", decision: "pending" },
    };
    const text = JSON.stringify(event);
    const time = Math.floor(await signer.databaseNow());
    const hmac = createHmac("sha256", WEBHOOK_SECRETS[0])
      .update(`${String(time)}.${text}`)
      .digest("hex");
    const given = await signer.ask("POST", "/v1/orders", { token, headers, body });
    const path = `/v1/orders/${given.json.orderId ?? ""}`;

    const asked = [
      [answers.healthAnswer, await signer.ask("GET", "/healthz")],
      [answers.readinessAnswer, await signer.ask("GET", "/readyz")],
      [answers.launchAnswer, await signer.ask("GET", "/v1/launch")],
      [answers.statusAnswer, await signer.ask("GET", "/v1/status")],
      [answers.nonceAnswer, await signer.ask("POST", "/v1/sessions/nonce")],
      [answers.eligibilityAnswer, await signer.ask("GET", "/v1/eligibility", { token })],
      [answers.voucherAnswer, given],
      [answers.ordersAnswer, await signer.ask("GET", "/v1/orders", { token })],
      [answers.usageAnswer, await signer.ask("GET", "/v1/usage", { token })],
      [answers.orderAnswer, await signer.ask("GET", path, { token })],
      [answers.voucherAnswer, await signer.ask("POST", `${path}/renew`, { token })],
      [answers.exportAnswer, await signer.ask("GET", "/v1/export/orders", { token: EXPORT_KEY })],
      [
        answers.kycEventAnswer,
        await signer.ask("POST", "/v1/webhooks/kyc", {
          body: text,
          headers: { "slipway-signature": `t=${String(time)},v1=${hmac}` },
        }),
      ],
    ] as const;
    expect(answers.sessionAnswer.safeParse(session.session).error).to.equal(undefined);
    for (const [shape, answer] of asked) {
      expect(answer.status, answer.text).to.be.lessThan(300);
      expect(shape.safeParse(answer.json).error, answer.text).to.equal(undefined);
    }
    for (const refused of [
      await signer.ask("POST", "/v1/orders", { token, headers, body: { ...body, nonce: "x" } }),
      await signer.ask("POST", "/v1/orders", { token, headers: { "idempotency-key": newKey() }, body }),
      await signer.ask("GET", "/nowhere"),
    ]) {
      expect(answers.problemAnswer.safeParse(refused.json).error, refused.text).to.equal(undefined);
    }
  });

  it("gives a voucher by the example of docs/signer.md, as it stands there", async function () {
    if (spawnSync("curl", ["--version"]).status !== 0) this.skip();
    const page = readFileSync(`${root}/docs/signer.md`, "utf8");
    const script = /```bash\n(SIGNER=[^]*?)```/.exec(page)?.[1] ?? "";
    const mnemonic = "test test test test test test test test test test test junk";
    const account = mnemonicToAccount(mnemonic, { addressIndex: 113 });
    await signer.decide(account.address);
    const PATH = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
    const output = await new Promise<string>((done, fail) => {
      const env = { ...process.env, PATH, SIGNER: signer.url, PAGE };
      execFile("bash", ["-c", script], { cwd: root, env }, (error, stdout, stderr) => {
        if (error === null) done(stdout);
        else fail(new Error(stderr + stdout));
      });
    });
    const voucher = JSON.parse(output.trim().split("\n").at(-1) ?? "") as { voucher: { buyer: string } };
    expect(answers.voucherAnswer.safeParse(voucher).error).to.equal(undefined);
    expect(voucher.voucher.buyer).to.equal(account.address);
    await launch.buy(account as never, voucher as never, 100n * UNIT);
  });
});
