import { expect } from "chai";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { codeOf, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";
import { untilWaiting } from "../support/untilWaiting.ts";

const HARD_CAP = 5_000n * UNIT;
const PERSON_CAP = 6_000n * UNIT;
const UNTIL_OPENING = 3_600n;

describe("limits of the sale, and races for the person's row", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;

  before(async () => {
    launch = await startSignerLaunch({
      sale: (now) => ({ hardCap: HARD_CAP, opensAt: now + UNTIL_OPENING }),
      policy: { walletsPerPerson: 2n },
      personCap: PERSON_CAP,
    });
    signer = await startSigner(launch);
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  const order = (session: Awaited<ReturnType<SignerUnderTest["login"]>>, cumulativeCap: bigint) =>
    session.createOrder(newKey(), { nonce: 0n, cumulativeCap });

  it("sells nothing before the opening, and gives vouchers for it where it is told how long before", async () => {
    const { opensAt } = launch.record.terms.sale;
    const early = await startSigner(launch, { env: { PRE_ISSUE_SECONDS: "300" } });
    try {
      const [{ session }, first] = [await signer.buyer(), await early.buyer()];
      await launch.chain.moveTo(opensAt - 301n);
      expect(await codeOf(order(first.session, UNIT))).to.equal("sale-not-open");
      await launch.chain.moveTo(opensAt - 300n);
      expect((await first.session.eligibility()).eligible).to.equal(true);
      const key = newKey();
      const wanted = { nonce: 0n, cumulativeCap: UNIT };
      const { order: given, bytes } = await first.session.createOrder(key, wanted);
      // A minute of slack, in which no purchase passes yet; the tier's ten minutes count from the opening.
      expect([given.voucher.validFrom, given.voucher.validUntil]).to.deep.equal([
        ...[String(opensAt - 60n), String(opensAt + 600n)],
      ]);

      await launch.chain.moveTo(opensAt - 1n);
      expect(await codeOf(order(session, UNIT))).to.equal("sale-not-open");
      expect((await session.eligibility()).code).to.equal("sale-not-open");
      await launch.chain.moveTo(opensAt);
      expect(await codeOf(order(session, UNIT))).to.equal("passed");
      expect((await first.session.createOrder(key, wanted)).bytes).to.equal(bytes);
      await launch.buy(first.account, given, UNIT);
    } finally {
      await early.close();
    }
  });

  describe("once open", () => {
    it("sells up to the hard cap where a person may pay more", async () => {
      const { session } = await signer.buyer();
      expect((await session.eligibility()).cumulativeCapMost).to.equal(HARD_CAP.toString());
      expect(await codeOf(order(session, HARD_CAP + 1n))).to.equal("cap-above-bounds");
      expect(await codeOf(order(session, HARD_CAP))).to.equal("passed");
    });

    it("refuses a tier that the policy does not have", async () => {
      const { address, session } = await signer.buyer();
      await signer.pool.query("UPDATE subjects SET tier = 'gone' WHERE subject = $1", [`person-${address}`]);
      expect(await codeOf(order(session, UNIT))).to.equal("tier-unknown");
    });

    it("refuses a person that has more wallets than a newer policy allows", async () => {
      const { session, address } = await signer.buyer();
      for (const other of [await signer.buyer(), await signer.buyer()]) await give(other.address, address);
      expect(await codeOf(order(session, UNIT))).to.equal("too-many-wallets");
    });

    it("counts a wallet that was added while the order waited for the person's row", async () => {
      const [one, other] = [await signer.buyer(), await signer.buyer()];
      // Of the person's 6,000, 4,500 are paid by the wallet that comes, which only the chain knows: 1,500 are left.
      await launch.buy(
        other.account,
        await launch.signElsewhere(other.address, 4_500n * UNIT),
        4_500n * UNIT,
      );
      const deciding = await signer.pool.connect();
      await deciding.query("BEGIN");
      await deciding.query("SELECT FROM subjects WHERE subject = $1 FOR UPDATE", [`person-${one.address}`]);
      const attempt = codeOf(order(one.session, 1_500n * UNIT + 1n));
      await untilWaiting(signer.pool);
      await deciding.query("UPDATE wallets SET subject = $2 WHERE wallet = $1", [
        other.address.toLowerCase(),
        `person-${one.address}`,
      ]);
      await deciding.query("COMMIT");
      deciding.release();
      expect(await attempt).to.equal("person-cap-exceeded");
      expect((await one.session.eligibility()).cumulativeCapMost).to.equal((1_500n * UNIT).toString());
    });

    it("commits orders so that a crash of the database keeps them, whatever its default", async () => {
      await signer.pool.query(`
        CREATE FUNCTION insist() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('synchronous_commit') <> 'on' THEN RAISE EXCEPTION 'not durable'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER durable BEFORE INSERT ON vouchers FOR EACH ROW EXECUTE FUNCTION insist();
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`);
      const careless = await startSigner(launch, { databaseUrl: signer.databaseUrl });
      try {
        const { session } = await careless.buyer();
        const { rows } = await careless.pool.query<{ synchronous_commit: string }>("SHOW synchronous_commit");
        expect(rows[0]?.synchronous_commit).to.equal("off");
        expect(await codeOf(order(session, UNIT))).to.equal("passed");
      } finally {
        await careless.close();
        await signer.pool.query("DROP TRIGGER durable ON vouchers");
      }
    });
  });

  async function give(wallet: string, to: string): Promise<void> {
    await signer.pool.query("UPDATE wallets SET subject = $2 WHERE wallet = $1", [
      wallet.toLowerCase(),
      `person-${to}`,
    ]);
  }
});
