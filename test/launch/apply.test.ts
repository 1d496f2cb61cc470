import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import hre, { network } from "hardhat";
import { keccak256, type Hex, type PublicClient } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import demo from "../../launch.config.ts";
import { deployLaunch } from "../../deploy/deployLaunch.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { readRecord } from "../../deploy/readRecord.ts";
import { applyPlan, type ApplyOptions } from "../../src/launch/apply/applyPlan.ts";
import { openJournal } from "../../src/launch/apply/openJournal.ts";
import { parsePlan } from "../../src/launch/apply/parsePlan.ts";
import { requireSame } from "../../src/launch/apply/requireSame.ts";
import type { Plan } from "../../src/launch/plan/Plan.ts";
import { clientOf } from "../../src/hardhat/forkOf.ts";
import { stringify } from "../../src/sdk/json.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { emptyChain, OTHER_SENDER, planOn, SENDER } from "../support/planWorld.ts";
import { codeOf } from "../support/signerUnderTest.ts";

const account = mnemonicToAccount("test test test test test test test test test test test junk");
const other = mnemonicToAccount("test test test test test test test test test test test junk", {
  addressIndex: 1,
});
/** Before its first broadcast, and before it is seen mined. Of one that is only signed nothing is kept. */
const MOMENTS = ["journalled", "broadcast"];

describe("launch apply", () => {
  let folder: string;
  let plan: Plan;
  /** Where the plan's own steps begin, after the keyless deployer and the local world; and its sale. */
  let firstOwn: number;
  let saleStep: number;
  before(async () => {
    plan = await planOn(await emptyChain());
    const placeOf = (name: string) =>
      plan.transactions.findIndex(({ words }) => words.startsWith(`Create ${name} `));
    firstOwn = placeOf("Vesting");
    saleStep = placeOf("Sale");
  });
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-apply-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const rpc = (chain: PublicClient, method: string, params: unknown[] = []): Promise<unknown> =>
    chain.request({ method, params } as never);
  const journalFile = () => join(folder, "plan.json.journal");

  /** On a chain that mines at once or when told; every look at it mines a block where `mine` says so. */
  async function apply(chain: PublicClient, change: Partial<ApplyOptions> = {}) {
    return applyPlan({
      ...{ plan, chain, account },
      journal: await openJournal(journalFile(), plan.hash),
      clock: { now: () => 0, deadline: () => AbortSignal.abort(), sleep: () => Promise.resolve() },
      patience: 200,
      ...change,
    });
  }
  async function sentBySender(chain: PublicClient): Promise<[string | null, Hex][]> {
    const sent: [string | null, Hex][] = [];
    for (let number = 1n; number <= (await chain.getBlockNumber()); number++) {
      const { transactions } = await chain.getBlock({ blockNumber: number, includeTransactions: true });
      for (const { from, to, input } of transactions) {
        if (from.toLowerCase() === SENDER.toLowerCase()) sent.push([to?.toLowerCase() ?? null, input]);
      }
    }
    return sent;
  }
  const own = () =>
    plan.transactions
      .filter(({ signed }) => signed === undefined)
      .map(({ to, data }): [string | null, Hex] => [to?.toLowerCase() ?? null, data]);

  it("does every step once, leaves the record that Ignition leaves, and finds nothing to do the second time", async () => {
    const chain = await emptyChain();
    const { sent } = await apply(chain);
    expect(sent).to.have.lengthOf(plan.transactions.length);
    expect(await sentBySender(chain)).to.deep.equal(own());

    const { provider } = await network.create();
    const wanted = await deployLaunch({ launch: demo, provider: provider });
    const record: LaunchRecord = await readRecord({ launch: demo, client: chain });
    expect({ ...record, startBlock: 0n }).to.deep.equal({ ...wanted, startBlock: 0n });

    expect(await apply(chain, { journal: await openJournal(`${journalFile()}2`, plan.hash) })).to.deep.equal({
      sent: [],
    });
  });

  it("killed with -9 at every step on a chain that mines at intervals: no step twice, none lost", async () => {
    const server = await hre.network.createServer(
      { network: "default", override: { mining: { auto: false, interval: 30 } } },
      "127.0.0.1",
      0,
    );
    const { port } = await server.listen();
    const url = `http://127.0.0.1:${String(port)}`;
    const connection = await network.create({ network: "localhost", override: { url } });
    const chain = clientOf(connection.provider);
    const planFile = join(folder, "plan.json");
    writeFileSync(planFile, stringify(plan));
    try {
      for (let step = firstOwn; step < plan.transactions.length; step++) {
        for (const moment of step === firstOwn ? ["signed", ...MOMENTS] : MOMENTS) {
          expect(await work([url, planFile, `${moment} ${String(step)}`])).to.equal("SIGKILL");
        }
      }
      appendFileSync(journalFile(), '{"step":10,"nonce"'); // as a crash in mid-write leaves it
      expect(await work([url, planFile])).to.equal(0);
      expect(await sentBySender(chain)).to.deep.equal(own());
      expect(await chain.getTransactionCount({ address: SENDER })).to.equal(own().length);
      await readRecord({ launch: demo, client: chain });
    } finally {
      await connection.close();
      await server.close();
    }
  });

  it("skips what somebody else has created, which stops a deployment through Ignition", async () => {
    const chain = await emptyChain();
    await apply(chain, {
      ...{
        account: other,
        plan: { ...plan, sender: OTHER_SENDER, transactions: plan.transactions.slice(0, saleStep) },
      },
      journal: await openJournal(join(folder, "other"), plan.hash),
    });
    const { sent } = await apply(chain);
    expect(sent).to.have.lengthOf(2);
    expect(await sentBySender(chain)).to.deep.equal(own().slice(-2));
  });

  it("raises the fee under the same nonce, and the step happens once", async () => {
    const chain = await emptyChain();
    await apply(chain, { plan: { ...plan, transactions: plan.transactions.slice(0, saleStep) } });
    const nonce = await chain.getTransactionCount({ address: SENDER });
    await rpc(chain, "evm_setAutomine", [false]);
    let looks = 0;
    const sleep = async () => {
      // Blocks that are too dear for what was signed at first, then cheap ones.
      if (++looks < 4) await rpc(chain, "hardhat_setNextBlockBaseFeePerGas", ["0x1bf08eb000"]);
      await rpc(chain, "evm_mine");
    };
    const journal = await openJournal(`${journalFile()}2`, plan.hash);
    await apply(chain, {
      ...{ journal, bumpAfterBlocks: 2 },
      clock: { now: () => 0, deadline: () => AbortSignal.abort(), sleep },
    });
    const forms = journal.signed.filter(({ step }) => step === saleStep);
    expect(forms.length).to.be.greaterThan(1);
    expect(new Set(forms.map((form) => form.nonce))).to.deep.equal(new Set([nonce]));
    for (const [index, form] of forms.slice(1).entries()) {
      expect(form.maxFeePerGas * 10n >= (forms[index]?.maxFeePerGas ?? 0n) * 11n).to.equal(true);
    }
    expect(await sentBySender(chain)).to.deep.equal(own());
  });

  it("sends the same bytes again where a reorganisation took a step back", async () => {
    const chain = await emptyChain();
    const snapshots: unknown[] = [];
    let reorganised = false;
    const journal = await openJournal(journalFile(), plan.hash);
    const sleep = async () => {
      if (!reorganised) await rpc(chain, "evm_revert", [snapshots[0]]);
      reorganised = true;
      await rpc(chain, "evm_mine");
    };
    const on: ApplyOptions["on"] = ({ what, step }) => {
      if (what === "broadcast" && step === saleStep - 1) snapshots.push(taken);
    };
    await apply(chain, {
      journal,
      plan: { ...plan, transactions: plan.transactions.slice(0, saleStep - 1) },
    });
    const taken = await rpc(chain, "evm_snapshot");
    await apply(chain, {
      ...{ journal, on, confirmations: 3 },
      clock: { now: () => 0, deadline: () => AbortSignal.abort(), sleep },
    });
    expect(reorganised).to.equal(true);
    expect(journal.signed).to.have.lengthOf(own().length);
    for (const { raw, hash } of journal.signed) {
      expect(keccak256(raw)).to.equal(hash);
      expect((await chain.getTransactionReceipt({ hash })).status).to.equal("success");
    }
  });

  it("stops where another transaction took its nonce, and where one is pending", async () => {
    const chain = await emptyChain();
    await apply(chain, { plan: { ...plan, transactions: plan.transactions.slice(0, saleStep) } });
    await rpc(chain, "evm_setAutomine", [false]);
    const rival = async (maxFeePerGas: bigint) => {
      const nonce = await chain.getTransactionCount({ address: SENDER });
      const raw = await account.signTransaction({
        ...{ type: "eip1559", chainId: 31337, nonce, to: OTHER_SENDER, gas: 21_000n },
        ...{ maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas },
      });
      await chain.sendRawTransaction({ serializedTransaction: raw });
    };

    let taken = false;
    const sleep = async () => {
      if (!taken) await rival(10n ** 12n);
      taken = true;
      await rpc(chain, "evm_mine");
    };
    const clock = { now: () => 0, deadline: () => AbortSignal.abort(), sleep };
    expect(await codeOf(apply(chain, { clock }))).to.equal("nonce-taken");

    await rival(10n ** 12n);
    expect(
      await codeOf(apply(chain, { clock, journal: await openJournal(`${journalFile()}2`, plan.hash) })),
    ).to.equal("sender-busy");
  });

  it("refuses another chain, another sender, and code that changed beneath", async () => {
    const chain = await emptyChain();
    expect(await codeOf(apply(chain, { plan: { ...plan, chainId: 1 } }))).to.equal("wrong-chain");
    expect(await codeOf(apply(chain, { account: other }))).to.equal("wrong-sender");
    expect(await chain.getBlockNumber()).to.equal(0n);
    await rpc(chain, "hardhat_setCode", [deploymentOf(demo).modules.vesting.address, "0x00"]);
    expect(await codeOf(apply(chain))).to.equal("code-differs");
  });

  it("refuses an edited launch, an edited plan, and a journal of another plan", async () => {
    const text = stringify(plan);
    const approved = parsePlan(text);
    requireSame(approved, plan);
    const launch = { ...demo, sale: { ...demo.sale, softCap: demo.sale.softCap + 50_000n } };
    const edited = await planOn(await emptyChain(), { launch });
    const codeFrom = (work: () => unknown) => codeOf(Promise.resolve().then(work));
    expect(await codeFrom(() => requireSame(approved, edited))).to.equal("plan-drift");

    const altered = text.replace(plan.transactions[2]?.data ?? "", "0x00");
    expect(await codeFrom(() => parsePlan(altered))).to.equal("plan-altered");
    expect(await codeFrom(() => parsePlan("{}"))).to.equal("plan-unreadable");

    await openJournal(journalFile(), plan.hash);
    expect(await codeOf(openJournal(journalFile(), edited.hash))).to.equal("journal-other-plan");
    expect(readFileSync(journalFile(), "utf8")).to.contain(plan.hash);
  });
});

/** Exit code, or the signal that ended it. */
function work(args: string[]): Promise<number | string | null> {
  const worker = fileURLToPath(new URL("../support/applyWorker.ts", import.meta.url));
  const child = spawn(process.execPath, ["--experimental-strip-types", worker, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((done) => child.once("close", (code, signal) => done(signal ?? code)));
}
