import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import type { Hex } from "viem";
import drill from "../../src/hardhat/tasks/drill.ts";
import { drillPeople } from "../../src/launch/drill/drillPeople.ts";
import { runDrill, type DrillPerson } from "../../src/launch/drill/runDrill.ts";
import { importSubjects } from "../../src/signer/kyc/importSubjects.ts";
import { instantClock } from "../support/indexerUnderTest.ts";
import { PAGE, startSignerLaunch, type SignerLaunch } from "../support/signerLaunch.ts";
import { codeOf, newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";
import { answerOf } from "../support/taskAnswer.ts";

describe("launch drill", () => {
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

  const waits: number[] = [];
  const run = (people: readonly DrillPerson[]) =>
    runDrill({
      ...{ signer: signer.client, people, page: PAGE, perSecond: 100, newKey },
      clock: {
        ...instantClock(),
        sleep: (ms) => {
          waits.push(ms);
          return Promise.resolve();
        },
      },
    });

  it("writes people whose keys follow from a seed, and asks for a voucher for each at its time", async () => {
    const seed = join(launch.folder, "drill.seed");
    const options = {
      ...{ signer: "", page: "", rps: 4, seconds: 3, tier: "public", country: "DE", seed, json: true },
    };
    const task = (change: Partial<typeof options> = {}) =>
      answerOf(() => drill({ ...options, ...change }, hre));
    expect((await task({ tier: "" }))[0].error?.code).to.equal("usage");
    expect(existsSync(seed)).to.equal(false);
    const [{ people, file }] = await task();
    expect([people, statSync(seed).mode & 0o777]).to.deep.equal([12, 0o600]);
    expect((await task())[0].error?.code).to.equal("usage");

    const crowd = drillPeople(readFileSync(seed, "utf8").trim() as Hex, 12);
    expect(await codeOf(run(crowd))).to.equal("drill-refused");
    const text = readFileSync(String(file), "utf8");
    await importSubjects({ pool: signer.pool, policy: launch.record.policy, now: new Date(), text });

    waits.length = 0;
    const drilled = await run(crowd);
    expect([drilled.asked, drilled.issued, drilled.refused]).to.deep.equal([12, 12, {}]);
    expect(waits).to.deep.equal(crowd.map((_, index) => 10 * index));
    // The same people again: their open orders are replaced.
    expect((await run(crowd)).issued).to.equal(12);
    const { rows } = await signer.pool.query("SELECT FROM orders");
    expect(rows).to.have.length(24);
  });

  it("counts what the signer refuses by its code, and goes on", async () => {
    const [first, second, third] = [newAccount(), newAccount(), newAccount()];
    for (const { address } of [first, second, third]) await signer.decide(address);
    // Revoked when everybody is signed in already.
    let keys = 0;
    const { asked, issued, refused } = await runDrill({
      ...{ signer: signer.client, people: [first, second, third], page: PAGE, perSecond: 1 },
      clock: {
        ...instantClock(),
        sleep: async () => {
          await signer.decide(second.address, { decision: "revoked", decidedAt: new Date() });
        },
      },
      newKey: () => `${newKey()}${String(++keys)}`,
    });
    expect([asked, issued, refused]).to.deep.equal([3, 2, { "kyc-revoked": 1 }]);
  });
});
