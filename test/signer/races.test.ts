import { expect } from "chai";
import type { SignerSession } from "../../src/sdk/signerClient.ts";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { codeOf, newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

const CAP = 100n * UNIT;
const AT_ONCE = 40;

/** THREATS R14: forty at once, half at each of two replicas. */
describe("races", () => {
  let launch: SignerLaunch;
  let replicas: [SignerUnderTest, SignerUnderTest];

  before(async () => {
    launch = await startSignerLaunch({ policy: { walletsPerPerson: 40n }, personCap: 10n * CAP });
    const first = await startSigner(launch);
    replicas = [first, await startSigner(launch, { databaseUrl: first.databaseUrl })];
  });
  after(async () => {
    for (const replica of replicas) await replica.close();
    await launch.close();
  });

  const replicaOf = (index: number) => replicas[index % 2 === 0 ? 0 : 1];
  const first = () => replicas[0];
  const order = (session: SignerSession, cumulativeCap = CAP, key = newKey()) =>
    session.createOrder(key, { nonce: 0n, cumulativeCap });
  const forty = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)));
  const counted = (codes: readonly string[]) =>
    Object.fromEntries(
      [...new Set(codes)].sort().map((code) => [code, codes.filter((c) => c === code).length]),
    );

  it("forty people at once: each gets its own voucher, in its own name", async () => {
    const accounts = Array.from({ length: AT_ONCE }, () => newAccount());
    for (const { address } of accounts) await first().decide(address);
    const answers = await forty(async (index) => {
      const account = accounts[index]!;
      const cumulativeCap = CAP + BigInt(index);
      const { order: given } = await order(await replicaOf(index).login(account), cumulativeCap);
      return [account.address, String(cumulativeCap), given.voucher.buyer, given.voucher.cumulativeCap];
    });
    for (const [address, cap, buyer, given] of answers) expect([buyer, given]).to.deep.equal([address, cap]);
  });

  it("one key: one order, the same bytes", async () => {
    const { account } = await first().buyer();
    const sessions = [await replicas[0].login(account), await replicas[1].login(account)] as const;
    const key = newKey();
    const answers = await forty((index) => order(sessions[index % 2 === 0 ? 0 : 1], CAP, key));
    expect(new Set(answers.map(({ bytes }) => bytes)).size).to.equal(1);
    expect(answers.filter(({ replayed }) => !replayed)).to.have.lengthOf(1);
  });

  it("one nonce under forty keys: one order is open", async () => {
    const { account } = await first().buyer();
    const sessions = [await replicas[0].login(account), await replicas[1].login(account)] as const;
    const codes = await forty((index) => codeOf(order(sessions[index % 2 === 0 ? 0 : 1])));
    expect(counted(codes)).to.deep.equal({ "order-open": 39, passed: 1 });
  });

  it("forty wallets of one person, each asking for a tenth of its cap: ten pass", async () => {
    const subject = newKey();
    const accounts = Array.from({ length: AT_ONCE }, () => newAccount());
    for (const { address } of accounts) await first().decide(address, { subject });
    const sessions = await Promise.all(accounts.map((account, index) => replicaOf(index).login(account)));
    // Only so many retries: who is told to try again does so, as a page would.
    const again = async (session: SignerSession): Promise<string> => {
      for (;;) {
        const code = await codeOf(order(session));
        if (code !== "internal" && code !== "busy") return code;
      }
    };
    const codes = await forty((index) => again(sessions[index]!));
    expect(counted(codes)).to.deep.equal({ passed: 10, "person-cap-exceeded": 30 });
  });

  it("forty people revoked while they order: no order stays open", async () => {
    const accounts = Array.from({ length: AT_ONCE }, () => newAccount());
    for (const { address } of accounts) await first().decide(address);
    const sessions = await Promise.all(accounts.map((account, index) => replicaOf(index).login(account)));
    const outcomes = await forty(async (index) => {
      const [code] = await Promise.all([
        codeOf(order(sessions[index]!)),
        replicaOf(index + 1).decide(accounts[index]!.address, { decision: "revoked" }),
      ]);
      return code;
    });
    expect(outcomes.filter((code) => code !== "passed" && code !== "kyc-revoked")).to.deep.equal([]);
    const { rows } = await first().pool.query<{ given: boolean; open: boolean }>(
      `SELECT true AS given, o.revoked_at IS NULL AS open FROM orders o WHERE o.buyer = ANY ($1)`,
      [accounts.map(({ address }) => address.toLowerCase())],
    );
    expect(rows.filter(({ open }) => open)).to.have.lengthOf(0);
    expect(rows).to.have.lengthOf(outcomes.filter((code) => code === "passed").length);
  });
});
