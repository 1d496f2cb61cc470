import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { isDenied } from "../../src/signer/orders/checkPerson.ts";
import { DAY, SANCTIONED, startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { startRpcProxy } from "../support/rpcProxy.ts";
import { codeOf, newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

const PERSON_CAP = 10_000n * UNIT;
const LIFE = 600n;

describe("policy", () => {
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

  const order = (session: Awaited<ReturnType<SignerUnderTest["login"]>>, cumulativeCap: bigint, nonce = 0n) =>
    session.createOrder(newKey(), { nonce, cumulativeCap });
  /** One by one: of blocks that Hardhat mines in one call it later forgets the state. */
  const finalise = async () => {
    for (let blocks = 0; blocks < 8; blocks++) await launch.chain.client.mine({ blocks: 1 });
  };
  const later = async (seconds: bigint) => launch.chain.moveTo((await launch.chain.now()) + seconds);

  describe("who may buy", () => {
    const longAgo = new Date(Date.now() - Number(366n * DAY) * 1000);
    const refused: [string, Parameters<SignerUnderTest["buyer"]>[0]][] = [
      ["kyc-pending", { decision: "pending" }],
      ["kyc-rejected", { decision: "rejected" }],
      ["kyc-revoked", { decision: "revoked" }],
      ["kyc-too-old", { decidedAt: longAgo }],
      ["country-denied", { country: "KP" }],
      ["country-denied", { country: "UA-43" }],
      ["country-denied", { country: "UA" }],
      ["tier-not-open", { tier: "later" }],
    ];
    for (const [code, person] of refused) {
      it(`not ${JSON.stringify(person)}: ${code}, at the order and in eligibility alike`, async () => {
        const { address, session } = await signer.buyer(person);
        expect(await codeOf(order(session, UNIT))).to.equal(code);
        expect(await session.eligibility()).to.include({ eligible: false, code, cumulativeCapMost: "0" });
        const { rows } = await signer.pool.query("SELECT FROM orders WHERE buyer = $1", [
          address.toLowerCase(),
        ]);
        expect(rows).to.have.lengthOf(0);
      });
    }

    it("not a wallet without a decision", async () => {
      const session = await signer.login(newAccount());
      expect(await codeOf(order(session, UNIT))).to.equal("kyc-missing");
      expect(await session.eligibility()).to.include({ eligible: false, code: "kyc-missing" });
    });

    it("asks no node anything about whom the database refuses, at the order and in eligibility alike", async () => {
      const asked: string[] = [];
      const node = await startRpcProxy(launch.chain.url, (call) => void asked.push(JSON.stringify(call)));
      const other = await startSigner(launch, {
        databaseUrl: signer.databaseUrl,
        env: { RPC_URL: node.url },
      });
      try {
        const stranger = newAccount();
        const people = [
          { address: stranger.address, session: await other.login(stranger) },
          await other.buyer({ decision: "pending" }),
          await other.buyer({ country: "KP" }),
          await other.buyer(),
        ];
        for (const { session } of people) {
          await codeOf(order(session, UNIT));
          await session.eligibility();
        }
        const isAsked = people.map(({ address }) =>
          asked.some((call) => call.includes(address.slice(2).toLowerCase())),
        );
        expect(isAsked).to.deep.equal([false, false, false, true]);
        expect(await people[0]!.session.eligibility()).not.to.have.property("nonce");
      } finally {
        await other.close();
        await node.close();
      }
    });

    it("not a sanctioned wallet, nor another wallet of its person, from the moment the list has it", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      const key = newKey();
      await one.session.createOrder(key, { nonce: 0n, cumulativeCap: UNIT });

      writeFileSync(launch.env.SANCTIONS_FILE, `${SANCTIONED}\n${other.address.toLowerCase()}\n`);
      expect(await codeOf(one.session.createOrder(key, { nonce: 0n, cumulativeCap: UNIT }))).to.equal(
        "wallet-sanctioned",
      );
      expect(await codeOf(order(other.session, UNIT))).to.equal("wallet-sanctioned");
      writeFileSync(launch.env.SANCTIONS_FILE, `${SANCTIONED}\n`);
    });

    it("denies a country with its parts, and the whole where a part is denied", () => {
      const denied = ["KP", "UA-43"];
      const countries = ["KP", "KP-01", "UA-43", "UA", "UA-30", "DE", "KPX", "DE+KP", "UA-43+DE", "DE+UA-30"];
      expect(countries.filter((country) => isDenied(country, denied))).to.deep.equal([
        ...["KP", "KP-01", "UA-43", "UA", "DE+KP", "UA-43+DE"],
      ]);
    });
  });

  describe("the cap of a person", () => {
    it("is taken in full, and not by one unit more", async () => {
      const { session } = await signer.buyer();
      expect((await session.eligibility()).cumulativeCapMost).to.equal(PERSON_CAP.toString());
      expect(await codeOf(order(session, PERSON_CAP + 1n))).to.equal("person-cap-exceeded");
      expect(await codeOf(order(session, 2n ** 256n - 1n))).to.equal("person-cap-exceeded");
      expect(await codeOf(order(session, PERSON_CAP))).to.equal("passed");
    });

    it("is shared by the person's wallets, with what is only promised", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      await order(one.session, 7_000n * UNIT);
      expect((await other.session.eligibility()).cumulativeCapMost).to.equal((3_000n * UNIT).toString());
      expect(await codeOf(order(other.session, 3_000n * UNIT + 1n))).to.equal("person-cap-exceeded");
      expect(await codeOf(order(other.session, 3_000n * UNIT))).to.equal("passed");
    });

    it("is not exceeded by the wallets of one person at once, on two replicas", async () => {
      const other = await startSigner(launch, { databaseUrl: signer.databaseUrl });
      try {
        const person = newKey();
        const wallets = [0, 1, 2].map(() => newAccount());
        for (const { address } of wallets) await signer.decide(address, { subject: person });
        const sessions = await Promise.all(
          wallets.map((wallet, index) => (index === 1 ? other : signer).login(wallet)),
        );
        const codes = await Promise.all(sessions.map((session) => codeOf(order(session, 6_000n * UNIT))));
        expect(codes.sort()).to.deep.equal(["passed", "person-cap-exceeded", "person-cap-exceeded"]);
      } finally {
        await other.close();
      }
    });

    it("is free again only when an unused voucher's end is final", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      await order(one.session, 7_000n * UNIT);
      await later(LIFE);
      expect(await codeOf(order(other.session, 4_000n * UNIT)), "over, not final").to.equal(
        "person-cap-exceeded",
      );
      await finalise();
      expect(await codeOf(order(other.session, 4_000n * UNIT)), "final").to.equal("passed");
    });

    it("counts what was paid once the voucher is dead, and frees the rest", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      const { order: first } = await order(one.session, 7_000n * UNIT);
      await launch.buy(one.account, first, 1_000n * UNIT);
      expect((await other.session.eligibility()).cumulativeCapMost, "not final").to.equal(
        (3_000n * UNIT).toString(),
      );
      await finalise();
      expect((await other.session.eligibility()).cumulativeCapMost, "final").to.equal(
        (9_000n * UNIT).toString(),
      );
    });

    it("counts a withdrawn payment until its withdrawal is final", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      const { order: first } = await order(one.session, 7_000n * UNIT);
      await launch.buy(one.account, first, 7_000n * UNIT);
      await finalise();
      await launch.withdraw(one.account);
      expect((await other.session.eligibility()).cumulativeCapMost).to.equal((3_000n * UNIT).toString());
      await finalise();
      expect((await other.session.eligibility()).cumulativeCapMost).to.equal(PERSON_CAP.toString());
    });

    it("counts the largest of replaced orders, as their vouchers may still be used", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      const { order: first } = await order(one.session, 7_000n * UNIT);
      await one.session.createOrder(newKey(), { nonce: 0n, cumulativeCap: UNIT, supersedes: first.orderId });
      expect((await other.session.eligibility()).cumulativeCapMost).to.equal((3_000n * UNIT).toString());
    });

    it("leaves the wallet itself all that its own orders hold", async () => {
      const { session } = await signer.buyer();
      const { order: first } = await order(session, 7_000n * UNIT);
      expect((await session.eligibility()).cumulativeCapMost).to.equal(PERSON_CAP.toString());
      const more = { nonce: 0n, cumulativeCap: PERSON_CAP, supersedes: first.orderId };
      expect(await codeOf(session.createOrder(newKey(), more))).to.equal("passed");
    });

    it("counts what was paid by a voucher that this database does not know, from its first block on", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      await launch.buy(one.account, await launch.signElsewhere(one.address, 7_000n * UNIT), 7_000n * UNIT);
      expect((await other.session.eligibility()).cumulativeCapMost).to.equal((3_000n * UNIT).toString());
    });

    it("leaves nothing to a cap that was paid already", async () => {
      const { account, session } = await signer.buyer();
      const { order: first } = await order(session, 5n * UNIT);
      await launch.buy(account, first, 5n * UNIT);
      expect(await codeOf(order(session, 5n * UNIT, 1n))).to.equal("cap-below-paid");
    });

    it("is checked again at renewal", async () => {
      const person = newKey();
      const [one, other] = [await signer.buyer({ subject: person }), await signer.buyer({ subject: person })];
      const { order: first } = await order(one.session, 7_000n * UNIT);
      await later(LIFE);
      await finalise();
      await order(other.session, 7_000n * UNIT);
      expect(await codeOf(one.session.renew(first.orderId))).to.equal("person-cap-exceeded");
    });
  });

  it("takes no more wallets of one person than allowed", async () => {
    const person = newKey();
    for (let wallets = 0; wallets < 3; wallets++)
      await signer.decide(newAccount().address, { subject: person });
    expect(await codeOf(signer.decide(newAccount().address, { subject: person }))).to.equal("import-invalid");
  });

  it("lends no wallet to a second person", async () => {
    const { address } = await signer.buyer();
    expect(await codeOf(signer.decide(address, { subject: newKey() }))).to.equal("import-invalid");
  });

  // Late, and suites of their own, as mocha runs a suite's tests before its suites: time goes towards the sale's end.
  describe("a tier's window", () => {
    const tierOf = (id: string) => launch.record.policy.tiers.find((tier) => tier.id === id)!;

    it("begins in the second of opensAt", async () => {
      const { opensAt } = tierOf("later");
      const { session } = await signer.buyer({ tier: "later" });
      await launch.chain.moveTo(opensAt - 1n);
      expect(await codeOf(order(session, UNIT))).to.equal("tier-not-open");
      await launch.chain.moveTo(opensAt);
      const { order: first } = await order(session, UNIT);
      expect(BigInt(first.voucher.validFrom), "not before the window").to.equal(opensAt);
    });

    it("ends in the second of closesAt, and no voucher outlives it", async () => {
      const { closesAt } = tierOf("early");
      const [one, other] = [await signer.buyer({ tier: "early" }), await signer.buyer({ tier: "early" })];
      await launch.chain.moveTo(closesAt - 1n);
      expect(BigInt((await order(one.session, UNIT)).order.voucher.validUntil)).to.equal(closesAt);
      await launch.chain.moveTo(closesAt);
      expect(await codeOf(order(other.session, UNIT))).to.equal("tier-not-open");
    });
  });

  describe("after the close", () => {
    it("sells nothing", async () => {
      const { session } = await signer.buyer();
      const { closesAt } = launch.record.terms.sale;
      await launch.chain.moveTo(closesAt - 1n);
      const { order: last } = await order(session, UNIT);
      expect(BigInt(last.voucher.validUntil)).to.equal(closesAt);
      await launch.chain.moveTo(closesAt);
      const { session: late } = await signer.buyer();
      expect(await codeOf(order(late, UNIT))).to.equal("sale-closed");
      expect(await codeOf(session.renew(last.orderId))).to.equal("sale-closed");
    });
  });
});
