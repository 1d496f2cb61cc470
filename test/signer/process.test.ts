import { expect } from "chai";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { PrivateKeyAccount } from "viem/accounts";
import { createSignerClient, type SignerSession } from "../../src/sdk/signerClient.ts";
import { startDatabaseProxy } from "../support/databaseProxy.ts";
import { until } from "../support/indexerProcess.ts";
import { testDatabase } from "../support/postgres.ts";
import {
  EXPORT_KEY,
  PAGE,
  startSignerLaunch,
  UNIT,
  WEBHOOK_SECRETS,
  type SignerLaunch,
} from "../support/signerLaunch.ts";
import { rawKey, signRequest } from "../support/signedRequest.ts";
import { codeOf, newAccount, newKey } from "../support/signerUnderTest.ts";
import { runSigner, startSignerProcess, type SignerProcess } from "../support/signerProcess.ts";

const CAP = 100n * UNIT;
const HEADER = "wallet,subject,country,tier,decision,decidedAt";

describe("the signer's process", () => {
  let launch: SignerLaunch;
  let databaseUrl: string;
  const running: SignerProcess[] = [];

  before(async () => {
    launch = await startSignerLaunch();
  });
  beforeEach(async () => {
    databaseUrl = await testDatabase();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.kill("SIGKILL");
      await one.ended;
    }
  });
  after(() => launch.close());

  const env = (more: Record<string, string> = {}) => ({ ...launch.env, DATABASE_URL: databaseUrl, ...more });
  async function start(more: Record<string, string> = {}): Promise<SignerProcess> {
    const started = await startSignerProcess(env(more));
    running.push(started);
    return started;
  }
  async function load(accounts: readonly PrivateKeyAccount[]): Promise<void> {
    const decidedAt = new Date().toISOString();
    const rows = accounts.map(
      ({ address }) => `${address},person-${address},DE,public,approved,${decidedAt}`,
    );
    const { code, stderr } = await runSigner(
      ["import", launch.write("people.csv", [HEADER, ...rows, ""].join("\n"))],
      env(),
    );
    expect(code, stderr).to.equal(0);
  }
  const login = (url: string, account: PrivateKeyAccount): Promise<SignerSession> =>
    createSignerClient({ url }).login({
      ...{ wallet: account.address, chainId: 31337, origin: PAGE },
      signMessage: (message) => account.signMessage({ message }),
    });
  async function count(table: string): Promise<number> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM slipway_signer.${table}`);
    await client.end();
    return Number(rows[0]?.count);
  }

  it("killed between commit and reply gives the committed voucher to the retry", async () => {
    const proxy = await startDatabaseProxy(databaseUrl);
    try {
      const account = newAccount();
      const first = await start({ DATABASE_URL: proxy.url });
      await load([account]);
      const session = await login(first.url, account);
      proxy.onCommitted = () => first.kill("SIGKILL");
      const key = newKey();
      expect(await codeOf(session.createOrder(key, { nonce: 0n, cumulativeCap: CAP }))).to.equal(
        "signer-unreachable",
      );
      expect((await first.ended)[1]).to.equal("SIGKILL");
      expect(await count("orders")).to.equal(1);

      const second = await start();
      const resumed = createSignerClient({ url: second.url }).resume(session.session);
      const retried = await resumed.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      expect(retried.replayed, "committed before").to.be.true;
      expect((await resumed.createOrder(key, { nonce: 0n, cumulativeCap: CAP })).bytes).to.equal(
        retried.bytes,
      );
      expect([await count("orders"), await count("vouchers")]).to.deep.equal([1, 1]);
      await launch.buy(account, retried.order, CAP);
    } finally {
      await proxy.close();
    }
  });

  it("killed under load loses nothing it gave and makes nothing twice", async () => {
    const accounts = Array.from({ length: 12 }, () => newAccount());
    const first = await start();
    await load(accounts);
    const orders = await Promise.all(
      accounts.map(async (account) => ({
        key: newKey(),
        session: (await login(first.url, account)).session,
      })),
    );

    let given = 0;
    const answers = await Promise.all(
      orders.map(async ({ key, session }) => {
        try {
          const answer = await createSignerClient({ url: first.url })
            .resume(session)
            .createOrder(key, { nonce: 0n, cumulativeCap: CAP });
          given += 1;
          if (given === 3) first.kill("SIGKILL");
          return answer.bytes;
        } catch {
          return undefined;
        }
      }),
    );
    await first.ended;

    const second = await start();
    for (const [index, { key, session }] of orders.entries()) {
      const { bytes } = await createSignerClient({ url: second.url })
        .resume(session)
        .createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      if (answers[index] !== undefined) expect(bytes).to.equal(answers[index]);
    }
    expect(given).to.be.at.least(3);
    expect([await count("orders"), await count("vouchers")]).to.deep.equal([12, 12]);
  });

  it("ends by SIGTERM with 0, and shows no secret in its output, its answers, a report of Node or a dump of its database", async () => {
    const rpcKey = newKey();
    const reports = mkdtempSync(join(tmpdir(), "slipway-report-"));
    const signer = await start({
      RPC_URL: `${launch.env.RPC_URL}/v2/${rpcKey}`,
      NODE_OPTIONS: `--report-on-signal --report-directory=${reports}`,
    });
    const account = newAccount();
    await load([account]);
    const session = await login(signer.url, account);
    await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
    const made = await runSigner(["key", "create", "night shift", "audit:read", "stop"], env());
    const operatorKey = made.stdout.trim();
    expect(operatorKey, made.stderr).to.match(/^\S{20,}$/);

    const secrets = [
      ...[rpcKey, EXPORT_KEY, ...WEBHOOK_SECRETS, operatorKey, session.session.token],
      ...[readFileSync(launch.env.SIGNER_KEY_FILE, "utf8").trim().slice(2), new URL(databaseUrl).password],
    ];
    const answers: string[] = [];
    const ask = async (path: string, bearer = "", body?: string) => {
      const response = await fetch(`${signer.url}${path}`, {
        ...(body === undefined ? {} : { method: "POST", body }),
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      });
      answers.push(JSON.stringify([...response.headers]), await response.text());
    };
    const open = ["/metrics", "/readyz", "/healthz", "/v1/status", "/v1/launch", "/openapi.json", "/docs"];
    for (const path of open) await ask(path);
    await ask("/v1/admin/audit", operatorKey);
    // Each secret where it does not belong, and in a body that is refused.
    const closed = ["/v1/orders", "/v1/export/orders", "/v1/admin/audit", "/nowhere"];
    await Promise.all(
      secrets.flatMap((secret) => [
        ...closed.map((path) => ask(path, secret)),
        ask("/v1/webhooks/kyc", secret, JSON.stringify({ [secret]: secret })),
      ]),
    );

    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'slipway_signer'",
    );
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM slipway_signer.${name} t`,
      );
      answers.push(...rows.map(({ row }) => row));
    }
    await client.end();
    // As after a crash: Node's own report on the process.
    signer.kill("SIGUSR2");
    const report = await reportIn(reports);
    expect(report).to.contain("javascriptHeap");
    answers.push(report);
    signer.kill("SIGTERM");
    expect(await signer.ended).to.deep.equal([0, null]);
    rmSync(reports, { recursive: true });

    const everything = `${answers.join("\n")}\n${signer.output()}`;
    expect(everything).to.contain("secret-read").and.to.contain("slipway_signer_ready");
    for (const secret of secrets) expect(everything).not.to.contain(secret);
    // Wallets are in the database and nowhere else.
    expect(signer.output().toLowerCase()).not.to.contain(account.address.toLowerCase());
  });

  it("answers 64 requests in flight after SIGTERM, takes no new one, and ends with 0", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const partners = JSON.stringify([{ id: "exchange", publicKey: rawKey(publicKey) }]);
    const signer = await start({ PARTNERS_FILE: launch.write("many.json", partners) });
    const accounts = Array.from({ length: 64 }, () => newAccount());
    await load(accounts);

    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    // Nothing can be committed, and nobody answered, while this is held.
    await client.query("BEGIN; LOCK TABLE slipway_signer.vouchers IN EXCLUSIVE MODE");
    const target = `${signer.url}/v1/orders`;
    const asked = accounts.map(async ({ address }) => {
      const order = { sale: launch.record.sale, buyer: address, nonce: "0", cumulativeCap: String(CAP) };
      const body = JSON.stringify(order);
      const now = Math.floor(Date.now() / 1000);
      const headers = signRequest({
        ...{ target, body, idempotencyKey: newKey(), privateKey, keyid: "exchange", now },
      });
      const response = await fetch(target, { method: "POST", body, headers });
      return [response.status, typeof ((await response.json()) as { signature?: unknown }).signature];
    });
    while ((await count("request_nonces")) < 64) await new Promise((done) => setImmediate(done));
    signer.kill("SIGTERM");
    const { port } = new URL(signer.url);
    while (await isOpen(Number(port))) await new Promise((done) => setImmediate(done));
    await client.query("ROLLBACK");
    await client.end();

    const answers = await Promise.all(asked);
    expect(answers).to.deep.equal(accounts.map(() => [201, "string"]));
    expect(await signer.ended).to.deep.equal([0, null]);
    expect([await count("orders"), await count("vouchers")]).to.deep.equal([64, 64]);
  });

  it("says that its port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const { code, stderr } = await runSigner(["serve"], env({ PORT: port }));
    server.close();
    expect(code).to.equal(1);
    expect(stderr).to.contain("[port-busy]");
  });

  it("says what of its configuration or command is wrong", async () => {
    const wrong = await runSigner([], env({ RPC_URL: "x" }));
    expect([wrong.code, wrong.stderr.includes("[config-invalid]")]).to.deep.equal([1, true]);
    const unknown = await runSigner(["sell"], env());
    expect([unknown.code, unknown.stderr.includes("[config-invalid]")]).to.deep.equal([1, true]);
  });

  it("imports nothing of a file with a wrong line, and names the line", async () => {
    const file = launch.write(
      "wrong.csv",
      `${HEADER}\n${newAccount().address},p,DE,public,approved,2026-01-01T00:00:00Z\nx,p,,,,\n`,
    );
    const { code, stderr } = await runSigner(["import", file], env());
    expect(code).to.equal(1);
    expect(stderr).to.contain("line 3: wallet").and.to.contain("[import-invalid]");
    expect(await count("subjects")).to.equal(0);
    expect((await runSigner(["import", "/nowhere.csv"], env())).stderr).to.contain("[import-invalid]");
  });
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.on("error", () => {
      done(false);
    });
  });
}

/** The report that Node has written there, whole. */
function reportIn(folder: string): Promise<string> {
  return until(
    async () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), "utf8"))
        .join(""),
    (text) => text.trimEnd().endsWith("}"),
  );
}
