import { expect } from "chai";
import { createPublicClient, http, zeroAddress, type PublicClient } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { checkCanary } from "../../src/launch/doctor/checkCanary.ts";
import { createFindings, type Finding } from "../../src/launch/doctor/Finding.ts";
import { moneyFor } from "../../src/launch/doctor/moneyFor.ts";
import type { Diagnosis } from "../../src/launch/doctor/runDoctor.ts";
import { watchDoctor, type Change } from "../../src/launch/doctor/watchDoctor.ts";
import { DAY, PAGE, startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { newAccount, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

describe("doctor's canary", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;
  let chain: PublicClient;
  let canary: PrivateKeyAccount;

  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
    chain = createPublicClient({ transport: http(launch.chain.url, { retryCount: 0 }), cacheTime: 0 });
    ({ account: canary } = await signer.buyer());
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  const look = async (by: PrivateKeyAccount = canary): Promise<Finding[]> => {
    const findings = createFindings();
    const { record } = launch;
    const parts = { canary: by, chain, record, signer: signer.url, pageOrigin: PAGE, findings };
    await checkCanary({ ...parts, ask: fetch });
    return findings.list;
  };
  const green = [
    { name: "canary.login", state: "green" },
    { name: "canary.voucher", state: "green" },
    { name: "canary.purchase", state: "green" },
  ];
  const statesOf = (found: Finding[]) => found.map(({ name, state }) => ({ name, state }));
  const orders = async () =>
    (await signer.pool.query<{ count: string }>("SELECT count(*) FROM orders")).rows[0]?.count;

  it("buys with a real voucher and no money of its own, and sends nothing; one order however often it looks", async () => {
    const head = await chain.getBlockNumber();
    expect(statesOf(await look())).to.deep.equal(green);
    expect(statesOf(await look())).to.deep.equal(green);
    expect(await chain.getBlockNumber()).to.equal(head);
    expect(await launch.nonceOf(canary.address)).to.equal(0n);
    expect(await orders()).to.equal("1");
  });

  it("has its voucher renewed once that is over", async () => {
    await launch.chain.client.increaseTime({ seconds: 601 });
    await launch.chain.client.mine({ blocks: 1 });
    expect(statesOf(await look())).to.deep.equal(green);
    expect(await orders()).to.equal("1");
  });

  it("is red with the signer's own words where it may not buy", async () => {
    const stranger = newAccount();
    const { state, got, fix } = (await look(stranger)).at(-1) ?? { state: "", got: "", fix: "" };
    expect([state, got.split(":")[0]]).to.deep.equal(["red", "kyc-missing"]);
    expect(fix).not.to.equal("");
  });

  it("is unknown where the currency hides its balances, and red once the signer is struck off", async () => {
    // The currency stops: it answers 1 to every question, and moves nothing.
    const { currency } = launch.chain;
    const code = await chain.getCode({ address: currency });
    const { client } = launch.chain;
    const money = { chain, currency, owner: canary.address, spender: launch.record.sale, amount: UNIT };
    expect(await moneyFor(money)).not.to.equal(undefined);
    await launch.fund(canary, UNIT); // what it has already is no hindrance
    expect(await moneyFor(money)).not.to.equal(undefined);
    await client.setCode({ address: currency, bytecode: "0x60015f5260205ff3" });
    expect(await moneyFor(money)).to.equal(undefined);
    expect(statesOf(await look()).at(-1)).to.deep.equal({ name: "canary.purchase", state: "unknown" });
    await client.setCode({ address: currency, bytecode: code ?? "0x" });

    await launch.rotateSigner(newAccount().address);
    const red = (await look()).find(({ state }) => state === "red");
    expect(red?.got).to.match(/^(not-ready|Sale_)/);
  });

  it("pays ether where that is the currency", async () => {
    const owner = canary.address;
    const money = await moneyFor({ chain, currency: zeroAddress, owner, spender: owner, amount: 5n });
    expect(money?.value).to.equal(5n);
    expect(money?.stateOverride).to.deep.equal([{ address: owner, balance: 10n ** 18n + 5n }]);
  });

  it("tells that it cannot look while nothing can be bought", async () => {
    await launch.chain.client.increaseTime({ seconds: Number(61n * DAY) });
    await launch.chain.client.mine({ blocks: 1 });
    const { name, state } = (await look()).at(-1) ?? {};
    expect([name, state]).to.deep.equal(["canary.purchase", "unknown"]);
  });
});

describe("launch doctor --watch", () => {
  const finding = (name: string, state: Finding["state"], got = ""): Finding => ({
    ...{ name, state, got, wanted: "" },
    fix: state === "green" ? "" : "mend it",
  });

  it("says all at first, then what has changed, until it is stopped", async () => {
    const looks: Diagnosis[] = [
      { state: "green", findings: [finding("a", "green", "1 s"), finding("b", "green")] },
      { state: "green", findings: [finding("a", "green", "2 s"), finding("b", "green")] },
      { state: "red", findings: [finding("a", "green"), finding("b", "red", "no answer")] },
      { state: "red", findings: [finding("a", "green"), finding("b", "red", "no answer")] },
      { state: "red", findings: [finding("b", "red", "another")] },
      { state: "green", findings: [finding("b", "green")] },
    ];
    const stopping = new AbortController();
    let now = 0;
    const slept: number[] = [];
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        slept.push(ms);
        now += ms;
        if (looks.length === 0) stopping.abort();
      },
      deadline: () => stopping.signal,
    };
    const changes: Change[] = [];
    const look = () => Promise.resolve(looks.shift() ?? { state: "green" as const, findings: [] });
    for await (const change of watchDoctor({ look, clock, everyMs: 10, signal: stopping.signal })) {
      changes.push(change);
    }
    const told = changes.map(({ at, state, changed, gone }) => [
      ...[at, state, changed.map(({ name }) => name).join(), gone.join()],
    ]);
    expect(told).to.deep.equal([
      [0, "green", "a,b", ""],
      [20, "red", "b", ""],
      [40, "red", "b", "a"],
      [50, "green", "b", ""],
    ]);
    expect(slept).to.deep.equal(Array(6).fill(10));
  });
});
