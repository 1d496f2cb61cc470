import { expect } from "chai";
import { createHmac } from "node:crypto";
import {
  EXPORT_KEY,
  startSignerLaunch,
  UNIT,
  WEBHOOK_SECRETS,
  type SignerLaunch,
} from "../support/signerLaunch.ts";
import { codeOf, newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";
import { readAudit } from "../../src/signer/operators/audit.ts";
import { importSubjects } from "../../src/signer/kyc/importSubjects.ts";
import type { SignerError } from "../../src/sdk/signerErrors.ts";

describe("decisions", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;

  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
  });
  beforeEach(() => {
    signer.clock.shift = 0;
    signer.clock.still = undefined;
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
  const event = (change: object = {}) => ({
    ...{ id: newKey(), decidedAt: ago(60), subject: newKey(), wallets: [newAccount().address] },
    ...{ country: "DE", tier: "public", decision: "approved", ...change },
  });
  function signatureOf(
    body: string,
    { secret = WEBHOOK_SECRETS[0], time = Math.floor(Date.now() / 1000) } = {},
  ) {
    return `t=${String(time)},v1=${createHmac("sha256", secret)
      .update(`${String(time)}.${body}`)
      .digest("hex")}`;
  }
  const deliver = (body: object, signature?: string) => {
    const text = JSON.stringify(body);
    return signer.ask("POST", "/v1/webhooks/kyc", {
      body: text,
      headers: { "slipway-signature": signature ?? signatureOf(text) },
    });
  };
  const stateOf = async (subject: string) =>
    (
      await signer.pool.query<{ decision: string; country: string }>(
        "SELECT decision, country FROM subjects WHERE subject = $1",
        [subject],
      )
    ).rows[0];

  describe("by webhook", () => {
    it("let a wallet buy at once", async () => {
      const account = newAccount();
      const session = await signer.login(account);
      expect((await session.eligibility()).code).to.equal("kyc-missing");
      const { status, json } = await deliver(event({ wallets: [account.address] }));
      expect([status, json["outcome"]]).to.deep.equal([200, "applied"]);
      expect((await session.eligibility()).eligible).to.be.true;
    });

    it("count once by id", async () => {
      const body = event();
      expect((await deliver(body)).json["outcome"]).to.equal("applied");
      expect((await deliver({ ...body, decision: "rejected" })).json["outcome"]).to.equal("duplicate");
      expect((await stateOf(body.subject))?.decision).to.equal("approved");
    });

    it("count once by id, ten at once", async () => {
      const body = event();
      const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(body)));
      const outcomes = answers.map(({ json }) => json["outcome"]);
      expect(outcomes.filter((outcome) => outcome === "applied")).to.have.lengthOf(1);
      expect(outcomes.filter((outcome) => outcome === "duplicate")).to.have.lengthOf(9);
    });

    it("do not overwrite what was decided later", async () => {
      const body = event({ decidedAt: ago(100), decision: "rejected" });
      await deliver(body);
      const older = await deliver({ ...body, id: newKey(), decidedAt: ago(200), decision: "approved" });
      expect(older.json["outcome"]).to.equal("older");
      expect((await stateOf(body.subject))?.decision).to.equal("rejected");
    });

    it("close the order of a person that is not approved any more", async () => {
      const { address, session } = await signer.buyer({ subject: newKey() });
      const { rows } = await signer.pool.query<{ subject: string }>(
        "SELECT subject FROM wallets WHERE wallet = $1",
        [address.toLowerCase()],
      );
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT });
      await deliver(
        event({
          subject: rows[0]?.subject,
          wallets: [],
          decision: "revoked",
          decidedAt: new Date().toISOString(),
        }),
      );
      expect((await session.order(order.orderId)).status).to.equal("revoked");
      expect(await codeOf(session.renew(order.orderId))).to.equal("kyc-revoked");
    });

    it("are accepted with the old and the new secret, also two signatures at once", async () => {
      const [first, second, third] = [event(), event(), event()];
      expect(
        (await deliver(first, signatureOf(JSON.stringify(first), { secret: WEBHOOK_SECRETS[1] }))).status,
      ).to.equal(200);
      const text = JSON.stringify(second);
      const both = `${signatureOf(text, { secret: "z".repeat(40) })},${signatureOf(text).split(",")[1] ?? ""}`;
      expect((await deliver(second, both)).status).to.equal(200);
      expect(
        (await deliver(third, signatureOf(JSON.stringify(third), { secret: "z".repeat(40) }))).status,
      ).to.equal(401);
    });

    it("are refused with any other signature", async () => {
      const body = event();
      const text = JSON.stringify(body);
      const now = Math.floor(Date.now() / 1000);
      const hex = (secret: string, data: string) => createHmac("sha256", secret).update(data).digest("hex");
      signer.clock.still = now;
      const wrong = [
        "",
        "v1=00",
        `t=${String(now)}`,
        `t=${String(now)},v1=${"0".repeat(64)}`,
        signatureOf(JSON.stringify(body, null, 2)),
        `t=${String(now)},v1=${hex(WEBHOOK_SECRETS[0], text)}`,
        signatureOf(text, { time: now }).toUpperCase(),
        signatureOf(text, { time: now }).replace("v1", "v0"),
        signatureOf(text, { time: now - 301 }),
        signatureOf(text, { time: now + 301 }),
      ];
      for (const signature of wrong) {
        const { status, json } = await deliver(body, signature);
        expect([status, json.code], signature).to.deep.equal([401, "webhook-signature-invalid"]);
      }
      expect(await stateOf(body.subject)).to.equal(undefined);
      expect((await deliver(body, signatureOf(text, { time: now - 300 }))).status).to.equal(200);
    });

    for (const change of [
      { country: "de" },
      { country: "USA" },
      { country: "840" },
      { country: "XX" },
      { country: undefined },
      { decision: "yes" },
      { decidedAt: "yesterday" },
      { decidedAt: "2026-02-31T00:00:00Z" },
      { decidedAt: new Date(Date.now() + 86_400_000).toISOString() },
      { subject: "Jane Doe" },
      { wallets: ["0x12"] },
    ]) {
      it(`are refused with ${JSON.stringify(change)}`, async () => {
        const { status, json } = await deliver(event(change));
        expect([status, json.code]).to.deep.equal([422, "field-invalid"]);
      });
    }

    it("take no personal data", async () => {
      expect((await deliver(event({ name: "Jane Doe" }))).json.code).to.equal("request-malformed");
    });
  });

  describe("by CSV", () => {
    const header = "wallet,subject,country,tier,decision,decidedAt";
    const load = (...lines: string[]) =>
      importSubjects({
        pool: signer.pool,
        policy: launch.record.policy,
        now: new Date(),
        text: [header, ...lines].join("\n"),
      });
    const line = (wallet: string, subject: string, rest = `DE,public,approved,${ago(60)}`) =>
      `${wallet},${subject},${rest}`;

    it("are all reported that are wrong, by line, and none is kept", async () => {
      const [subject, good] = [newKey(), newAccount().address];
      const attempt = load(
        line(good, subject),
        line("0x12", newKey()),
        line(newAccount().address, newKey(), `DE,gold,approved,${ago(60)}`),
        line(newAccount().address, newKey(), `Germany,public,maybe,${ago(60)}`),
        line(good, newKey()),
        "a,b",
      );
      const error = await attempt.then(
        () => undefined,
        (thrown: unknown) => thrown as SignerError,
      );
      expect(error?.code).to.equal("import-invalid");
      expect(error?.problems.map(({ field }) => field)).to.deep.equal([
        "line 3: wallet",
        "line 4: tier",
        "line 5: country",
        "line 5: decision",
        "line 6: wallet",
        "line 7: columns",
      ]);
      expect(await stateOf(subject)).to.equal(undefined);
    });

    it("are not kept where a wallet turns out to be somebody else's", async () => {
      const { address } = await signer.buyer();
      const subject = newKey();
      const code = await codeOf(load(line(newAccount().address, subject), line(address, newKey())));
      expect(code).to.equal("import-invalid");
      expect(await stateOf(subject)).to.equal(undefined);
    });

    it("of one person must agree", async () => {
      const subject = newKey();
      const decidedAt = ago(60);
      const code = await codeOf(
        load(
          line(newAccount().address, subject, `DE,public,approved,${decidedAt}`),
          line(newAccount().address, subject, `FR,public,approved,${decidedAt}`),
        ),
      );
      expect(code).to.equal("import-invalid");
    });

    it("can be imported twice, and leave newer ones alone", async () => {
      const [subject, wallet] = [newKey(), newAccount().address];
      const row = line(wallet, subject);
      expect(await load(row)).to.deep.equal({ applied: 1, older: 0, held: 0, wallets: 1 });
      expect(await load(row)).to.deep.equal({ applied: 1, older: 0, held: 0, wallets: 1 });
      expect(await load(line(wallet, subject, `FR,public,rejected,${ago(600)}`))).to.include({ older: 1 });
      expect(await stateOf(subject)).to.deep.equal({ decision: "approved", country: "DE" });
    });

    it("need their header and at least one line", async () => {
      const text = "subject,wallet\na,b";
      const attempt = importSubjects({
        pool: signer.pool,
        policy: launch.record.policy,
        now: new Date(),
        text,
      });
      expect(await codeOf(attempt)).to.equal("import-invalid");
      expect(await codeOf(load())).to.equal("import-invalid");
    });
  });

  describe("export", () => {
    it("gives every order once, page by page, with what became of it", async () => {
      const { account, session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: 5n * UNIT });
      await launch.buy(account, order, 5n * UNIT);
      for (let more = 0; more < 4; more++) {
        await (await signer.buyer()).session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT });
      }

      type Page = { orders: { orderId: string; status: string; filled?: string }[]; next: string | null };
      const all: Page["orders"] = [];
      for (let after: string | null = "0"; after !== null;) {
        const { status, json } = await signer.ask("GET", `/v1/export/orders?after=${after}&limit=2`, {
          token: EXPORT_KEY,
        });
        expect(status).to.equal(200);
        const page = json as unknown as Page;
        expect(page.orders.length).to.be.at.most(2);
        all.push(...page.orders);
        after = page.next;
      }
      const { rows } = await signer.pool.query<{ order_id: string }>(
        "SELECT order_id FROM orders ORDER BY seq",
      );
      expect(all.map(({ orderId }) => orderId)).to.deep.equal(rows.map((row) => row.order_id));
      expect(all.find(({ orderId }) => orderId === order.orderId)).to.include({
        status: "redeemed",
        filled: String(5n * UNIT),
      });
    });

    it("is for its key alone", async () => {
      for (const token of ["x".repeat(40), EXPORT_KEY.slice(1)]) {
        const { status, json } = await signer.ask("GET", "/v1/export/orders", { token });
        expect([status, json.code]).to.deep.equal([401, "export-key-invalid"]);
      }
      expect((await signer.ask("GET", "/v1/export/orders")).status).to.equal(401);
    });
  });

  // The last: it deletes people.
  describe("over launches", () => {
    it("count for the operator's next launch on the same database, and are deleted by schedule once it is over", async () => {
      const next = await startSignerLaunch();
      const env = { FORGET_AFTER_DAYS: "365" };
      const later = await startSigner(next, { databaseUrl: signer.databaseUrl, env });
      try {
        const [{ account, address }, lately] = [await signer.buyer(), await signer.buyer()];
        const session = await later.login(account);
        const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT });
        expect(order.sale).to.equal(next.record.sale);
        await next.buy(account, order, UNIT);

        const people = async () =>
          (
            await later.pool.query<{ subject: string }>(
              "SELECT subject FROM subjects WHERE subject = ANY($1)",
              [[`person-${address}`, `person-${lately.address}`]],
            )
          ).rows.map(({ subject }) => subject);
        later.clock.shift = 366 * 86_400;
        await later.pool.query("UPDATE subjects SET updated_at = now() + '300 days' WHERE subject = $1", [
          `person-${lately.address}`,
        ]);
        await later.purge();
        expect(await people(), "the sale is not over").to.have.length(2);

        await next.chain.moveTo(next.record.terms.sale.closesAt);
        await later.purge();
        expect(await people()).to.deep.equal([`person-${lately.address}`]);
        const { rowCount } = await later.pool.query("SELECT FROM wallets WHERE wallet = $1", [
          address.toLowerCase(),
        ]);
        expect(rowCount).to.equal(0);
        const forgotten = (await readAudit(later.pool, 0n, 1_000)).find(
          ({ action }) => action === "people-forgotten",
        );
        expect(forgotten?.detail).to.have.keys(["people", "days"]);
        const code = startSigner(next, { env: { FORGET_AFTER_DAYS: "364" } });
        expect(await codeOf(code)).to.equal("config-invalid");
      } finally {
        await later.close();
        await next.close();
      }
    });
  });
});
