import { expect } from "chai";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { encodeFunctionData, type Address, type Hex } from "viem";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { appendAnchor, readAnchors } from "../../src/signer/operators/anchors.ts";
import { appendAudit, auditHead, readAudit, verifyAudit } from "../../src/signer/operators/audit.ts";
import { operatorScopes as scopes, type OperatorScope } from "../../src/sdk/signerApi.ts";
import { createKey } from "../../src/signer/operators/operatorKeys.ts";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { codeOf, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

describe("operators", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;
  let everything: string;

  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
    everything = await keyWith(scopes);
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  const keyWith = async (some: readonly OperatorScope[], networks: string[] = []) =>
    (await createKey(signer.pool, "test", { note: "for a test", scopes: some, networks })).key;
  const admin = (
    method: string,
    path: string,
    { token = everything, body }: { token?: string; body?: unknown } = {},
  ) => signer.ask(method, `/v1/admin/${path}`, { token, ...(body === undefined ? {} : { body }) });
  const outcome = ({ status, json }: { status: number; json: { code?: string } }) => [status, json.code];
  const actions = async () => (await readAudit(signer.pool, 0n, 10_000)).map(({ action }) => action);

  describe("keys", () => {
    it("are made by one that may, shown once, kept as a hash, and do what their scopes say", async () => {
      const made = await admin("POST", "keys", { body: { note: "reader", scopes: ["audit:read"] } });
      expect(made.status).to.equal(201);
      const token = String(made.json["key"]);
      expect((await admin("GET", "audit", { token })).status).to.equal(200);
      expect(outcome(await admin("POST", "stop", { token, body: { message: "x" } }))).to.deep.equal([
        403,
        "scope-missing",
      ]);
      const listed = await admin("GET", "keys");
      expect(listed.text).to.contain("reader").and.not.to.contain(token);
      const { rows } = await signer.pool.query<{ all: string }>(
        "SELECT string_agg(k::text || a::text, ' ') AS all FROM operator_keys k, audit a",
      );
      expect(rows[0]?.all).not.to.contain(token.slice(-43));
    });

    it("revoked are refused at once, on another replica too", async () => {
      const replica = await startSigner(launch, { databaseUrl: signer.databaseUrl });
      try {
        const made = await admin("POST", "keys", { body: { note: "short", scopes: ["audit:read"] } });
        const token = String(made.json["key"]);
        expect((await replica.ask("GET", "/v1/admin/audit", { token })).status).to.equal(200);
        const id = String(made.json["id"]);
        expect((await admin("POST", `keys/${id}/revoke`)).status).to.equal(200);
        expect(outcome(await replica.ask("GET", "/v1/admin/audit", { token }))).to.deep.equal([
          401,
          "operator-key-invalid",
        ]);
        expect(outcome(await admin("POST", `keys/${id}/revoke`))).to.deep.equal([404, "key-unknown"]);
      } finally {
        await replica.close();
      }
    });

    it("count from their networks alone", async () => {
      const [here, elsewhere] = [
        await keyWith(scopes, ["10.0.0.5", "127.0.0.0/8"]),
        await keyWith(scopes, ["10.0.0.0/8"]),
      ];
      expect((await admin("GET", "keys", { token: here })).status).to.equal(200);
      expect(outcome(await admin("GET", "keys", { token: elsewhere }))).to.deep.equal([
        401,
        "operator-key-invalid",
      ]);
    });

    for (const token of ["x", `slipway_${"0".repeat(12)}_${"A".repeat(43)}`, ""]) {
      it(`that are none are refused: ${JSON.stringify(token)}`, async () => {
        expect(outcome(await admin("GET", "keys", { token }))).to.deep.equal([401, "operator-key-invalid"]);
      });
    }

    for (const body of [
      { note: "x", scopes: [] },
      { note: "x", scopes: ["everything"] },
      { note: "", scopes: ["keys"] },
      { note: "x\ny", scopes: ["keys"] },
      { note: "x", scopes: ["keys"], networks: ["10.0.0.0/33"] },
    ]) {
      it(`are not made with ${JSON.stringify(body)}`, async () => {
        expect(outcome(await admin("POST", "keys", { body }))).to.deep.equal([422, "field-invalid"]);
      });
    }
  });

  describe("decisions", () => {
    it("revoke with a reason, close the orders, and name the call that kills the voucher on chain", async () => {
      const { address, session, account } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT });
      const subject = `person-${address}`;
      const body = { decision: "revoked", reason: "second document was forged" };
      const { status, json } = await admin("POST", `subjects/${subject}/decision`, { body });
      expect(status).to.equal(200);
      expect((await session.order(order.orderId)).status).to.equal("revoked");

      const [call] = json["invalidate"] as { buyer: Address; nonce: string; to: Address; data: Hex }[];
      expect(call).to.include({ buyer: address, nonce: "1", to: launch.record.sale });
      const { client, deployer } = launch.chain;
      await client.sendTransaction({ account: deployer, to: call!.to, data: call!.data });
      expect(await launch.nonceOf(address)).to.equal(1n);
      expect(await codeOf(launch.buy(account, order, UNIT))).not.to.equal("passed");
      expect(
        (await admin("POST", `subjects/${subject}/decision`, { body })).json["invalidate"],
      ).to.deep.equal([]);
      const rows = await readAudit(signer.pool, 0n, 10_000);
      expect(rows.filter(({ detail }) => detail["reason"] === body.reason)).to.have.lengthOf(2);
    });

    it("come out of the queue of those pending", async () => {
      const { address, session } = await signer.buyer({ decision: "pending", tier: "public" });
      const subject = `person-${address}`;
      const queue = async () => (await admin("GET", "review")).json["subjects"] as { subject: string }[];
      expect((await queue()).map((one) => one.subject)).to.include(subject);
      const body = { decision: "approved", reason: "documents seen", country: "FR" };
      await admin("POST", `subjects/${subject}/decision`, { body });
      expect((await queue()).map((one) => one.subject)).not.to.include(subject);
      expect((await admin("GET", `subjects/${subject}`)).json).to.include({
        decision: "approved",
        country: "FR",
      });
      expect((await session.eligibility()).eligible).to.be.true;
    });

    it("need a reason and a person", async () => {
      const without = await admin("POST", "subjects/nobody/decision", { body: { decision: "approved" } });
      expect(outcome(without)).to.deep.equal([422, "field-invalid"]);
      const body = { decision: "approved", reason: "x" };
      expect(outcome(await admin("POST", "subjects/nobody/decision", { body }))).to.deep.equal([
        404,
        "subject-unknown",
      ]);
      expect(outcome(await admin("GET", "subjects/nobody"))).to.deep.equal([404, "subject-unknown"]);
    });
  });

  it("stop the selling with words for the page, and resume it", async () => {
    const message = "We look into reports of a false page. Nothing is sold meanwhile.";
    const stopped = await startSigner(launch);
    try {
      const { session } = await stopped.buyer();
      const { key } = await createKey(stopped.pool, "test", {
        note: "guard",
        scopes: ["stop"],
        networks: [],
      });
      const order = (at: SignerUnderTest) =>
        at.ask("POST", "/v1/orders", {
          token: session.session.token,
          headers: { "idempotency-key": newKey() },
          body: {
            sale: launch.record.sale,
            buyer: session.session.wallet,
            nonce: "0",
            cumulativeCap: "1000000",
          },
        });
      await stopped.ask("POST", "/v1/admin/stop", { token: key, body: { message } });
      expect((await stopped.ask("GET", "/v1/launch")).json["stopped"]).to.equal(message);
      // A replica that knows nothing yet.
      const replica = await startSigner(launch, { databaseUrl: stopped.databaseUrl });
      const refused = await order(replica);
      expect(outcome(refused)).to.deep.equal([503, "stopped"]);
      expect(refused.json["detail"]).to.contain(message);
      await stopped.ask("POST", "/v1/admin/resume", { token: key });
      expect((await stopped.ask("GET", "/v1/launch")).json["stopped"]).to.equal(undefined);
      expect((await order(replica)).status).to.equal(201);
      await replica.close();
    } finally {
      await stopped.close();
    }
  });

  it("change the rate while a launch runs, on every replica, with a reason in the audit log, and take it back", async () => {
    const body = (requestsPerMinute: unknown, reason = "a queue before the page") => ({
      requestsPerMinute,
      reason,
    });
    const policy = Number(launch.record.policy.requestsPerMinute);
    expect((await admin("GET", "limits")).json).to.deep.equal({
      requestsPerMinute: policy,
      policy,
      change: null,
    });
    const stop = await keyWith(["stop"]);
    const unscoped = await admin("POST", "limits", { token: stop, body: body(5) });
    expect(outcome(unscoped)).to.deep.equal([403, "scope-missing"]);
    for (const bad of [0, -1, 1.5, 1_000_001, "5", undefined]) {
      expect(outcome(await admin("POST", "limits", { body: body(bad) }))).to.deep.equal([
        422,
        "field-invalid",
      ]);
    }

    const set = await admin("POST", "limits", { body: body(7) });
    expect(set.json).to.deep.include({ requestsPerMinute: 7, policy });
    expect(set.json["change"]).to.deep.include({ requestsPerMinute: 7, reason: "a queue before the page" });
    const replica = await startSigner(launch, { databaseUrl: signer.databaseUrl });
    try {
      for (const at of [signer, replica]) {
        const status = await at.ask("GET", "/v1/status");
        expect(status.json["requestsPerMinute"]).to.deep.equal({ client: 7, address: policy * 20 });
        expect(status.headers.get("ratelimit-policy")).to.equal(`"client";q=${String(policy * 20)};w=60`);
      }
    } finally {
      await replica.close();
    }
    const [row] = (await readAudit(signer.pool, 0n, 10_000)).filter(
      ({ action }) => action === "limits-changed",
    );
    expect(row?.detail).to.deep.equal({ requestsPerMinute: 7, reason: "a queue before the page" });

    await admin("POST", "limits", { body: body(null, "the queue is gone") });
    expect((await admin("GET", "limits")).json).to.deep.equal({
      requestsPerMinute: policy,
      policy,
      change: null,
    });
    expect((await signer.ask("GET", "/v1/status")).json["requestsPerMinute"]).to.deep.include({
      client: policy,
    });
  });

  describe("orders", () => {
    type Listed = { orders: { orderId: Hex; status: string }[]; invalidate: { buyer: Address; data: Hex }[] };
    const orders = async (query: string) =>
      (await admin("GET", `orders${query}`)).json as unknown as Listed & { next: string | null };

    it("are shown newest first, by order or wallet, with what kills a voucher that may still be used", async () => {
      const [one, other] = [await signer.buyer(), await signer.buyer()];
      const made: Hex[] = [];
      for (const { session } of [one, other])
        made.unshift((await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT })).order.orderId);
      const all = await orders("");
      expect(all.orders.slice(0, 2).map(({ orderId }) => orderId)).to.deep.equal(made);
      expect(all.invalidate.map(({ buyer }) => buyer)).to.include.members([one.address, other.address]);

      for (const query of [`?order=${made[1]!}`, `?buyer=${one.address}`]) {
        const found = await orders(query);
        expect(found.next).to.equal(null);
        expect(found.orders.map(({ orderId, status }) => [orderId, status])).to.deep.equal([
          [made[1], "open"],
        ]);
        const call = encodeFunctionData({
          ...{ abi: saleAbi, functionName: "invalidate", args: [one.address, 1n] },
        });
        expect(found.invalidate).to.deep.equal([
          { buyer: one.address, nonce: "1", to: launch.record.sale, data: call },
        ]);
      }
      expect(await orders(`?buyer=${launch.record.sale}`)).to.deep.equal({
        ...{ orders: [], invalidate: [], next: null },
      });
    });

    it("come in pages, each once", async () => {
      const paged: Listed["orders"] = [];
      for (let before: string | null = "1000000"; before !== null;) {
        const page = await orders(`?limit=1&before=${before}`);
        expect(page.orders.length).to.equal(1);
        paged.push(...page.orders);
        before = page.next;
      }
      expect(paged).to.deep.equal((await orders("")).orders);
    });

    it("and refusals are for a key that may read them", async () => {
      const token = await keyWith(scopes.filter((scope) => scope !== "orders:read"));
      for (const path of ["orders", "refusals"])
        expect(outcome(await admin("GET", path, { token }))).to.deep.equal([403, "scope-missing"]);
    });

    for (const query of ["?order=0x12", "?buyer=0x12", "?before=-1", "?limit=51"]) {
      it(`are not looked for by ${query}`, async () => {
        expect(outcome(await admin("GET", `orders${query}`))).to.deep.equal([422, "field-invalid"]);
      });
    }
  });

  describe("the audit log", () => {
    it("shows its newest rows without being walked through, the head first", async () => {
      const { json } = await admin("GET", "audit/newest");
      const newest = json["rows"] as { seq: string; hash: string }[];
      const all = await readAudit(signer.pool, 0n, 10_000);
      expect(newest).to.deep.equal(all.toReversed().slice(0, 20));
      expect(newest[0]?.hash).to.equal((await auditHead(signer.pool))?.hash);
    });

    const anchorFile = () => `${launch.folder}/anchors.txt`;
    /** As somebody does it who owns the tables. */
    async function tamper(sql: string): Promise<void> {
      await signer.pool.query(
        `ALTER TABLE audit DISABLE TRIGGER ALL; ${sql}; ALTER TABLE audit ENABLE TRIGGER ALL`,
      );
    }
    async function copy(): Promise<void> {
      await signer.pool.query("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS TABLE audit");
    }
    async function putBack(): Promise<void> {
      await tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept ORDER BY seq");
    }
    const brokenAt = async (anchors: Parameters<typeof verifyAudit>[1] = []) => {
      try {
        await verifyAudit(signer.pool, anchors);
        return "fine";
      } catch (error) {
        return (error as { code?: string; message: string }).code === "audit-broken"
          ? (/row (\d+)/.exec((error as Error).message)?.[1] ?? "anchor")
          : String(error);
      }
    };

    it("has decisions, keys and stops, each after the one before, also forty at once", async () => {
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          appendAudit(signer.pool, { actor: "test", action: "noted", detail: { index } }),
        ),
      );
      expect(await actions()).to.include.members(["key-created", "decision", "noted"]);
      const rows = await readAudit(signer.pool, 0n, 10_000);
      expect(rows.map(({ seq }) => seq)).to.deep.equal(rows.map((_, index) => String(index + 1)));
      const head = await verifyAudit(signer.pool, []);
      expect(head).to.deep.equal(await auditHead(signer.pool));
    });

    it("is not changed, shortened or emptied by the service's own role", async () => {
      for (const sql of ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
        expect(await codeOf(signer.pool.query(sql))).to.equal("P0001");
    });

    const changes: [string, string, string][] = [
      ["an actor changed", "UPDATE audit SET actor = 'nobody' WHERE seq = 2", "2"],
      ["a detail changed", `UPDATE audit SET detail = detail || '{"x":1}' WHERE seq = 3`, "3"],
      ["a time changed", "UPDATE audit SET at = at + interval '1 microsecond' WHERE seq = 2", "2"],
      ["a row removed", "DELETE FROM audit WHERE seq = 2", "2"],
      [
        "two rows exchanged",
        "UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3); UPDATE audit SET seq = -seq WHERE seq < 0",
        "2",
      ],
    ];
    for (const [what, sql, row] of changes) {
      it(`shows ${what}, by the first row`, async () => {
        await copy();
        try {
          await tamper(sql);
          expect(await brokenAt()).to.equal(row);
        } finally {
          await putBack();
        }
        expect(await brokenAt()).to.equal("fine");
      });
    }

    it("shows that its end was cut off or written anew, by what was anchored", async () => {
      await appendAudit(signer.pool, { actor: "test", action: "last", detail: {} });
      const head = (await auditHead(signer.pool))!;
      appendAnchor(anchorFile(), head, new Date(0));
      const anchors = readAnchors(anchorFile());
      expect(anchors).to.deep.equal([head]);
      expect(await brokenAt(anchors)).to.equal("fine");
      await copy();
      try {
        await tamper(`DELETE FROM audit WHERE seq = ${String(head.seq)}`);
        expect(await brokenAt(), "no row is wrong by itself").to.equal("fine");
        expect(await brokenAt(anchors)).to.equal(String(head.seq));
        await appendAudit(signer.pool, { actor: "test", action: "other", detail: {} });
        expect(await brokenAt(anchors)).to.equal(String(head.seq));
      } finally {
        await putBack();
      }
    });

    it("does not take a broken file of anchors for none", () => {
      const path = `${launch.folder}/broken.txt`;
      writeFileSync(path, "1 abc\n");
      expect(() => readAnchors(path))
        .to.throw()
        .with.property("code", "audit-broken");
      appendFileSync(anchorFile(), "");
      expect(readFileSync(anchorFile(), "utf8")).to.match(/^\d+ [0-9a-f]{64} \S+\n$/);
    });
  });
});
