import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { encodeFunctionData, numberToHex, parseAbi, type Hex } from "viem";
import * as tasks from "../../src/hardhat/tasks/operate.ts";
import { report } from "../../src/hardhat/tasks/report.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { stringifyRecord } from "../../src/sdk/json.ts";
import { openLaunch, startOpenLaunch } from "../support/listedLaunch.ts";
import { serveIndexer } from "../support/serveIndexer.ts";
import { startSettledLaunch } from "../support/settledLaunch.ts";
import { answerOf, runtimeAt } from "../support/taskAnswer.ts";

const UNIT = 10n ** 6n;
const mintAbi = parseAbi(["function mint(address to, uint256 amount)"]);

describe("tasks on a launch that runs", () => {
  let world: Awaited<ReturnType<typeof startOpenLaunch>>;
  let folder: string;
  let snapshot: unknown;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-operate-"));
    world = await startOpenLaunch();
    writeFileSync(join(folder, "launch.json"), stringifyRecord(await world.record()));
  });
  after(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => (snapshot = await world.rpc("evm_snapshot")));
  afterEach(() => world.rpc("evm_revert", [snapshot]));

  const roles = openLaunch.roles;
  const base = () => ({ record: join(folder, "launch.json"), json: true });
  const acting = (from: string, dryRun = false) => ({ ...base(), from, dryRun });
  const runtime = () => runtimeAt(world.node.url);
  const read = <Name extends "phase" | "pausedUntil" | "settledAt">(functionName: Name) =>
    world.chain.readContract({ address: world.sale, abi: saleAbi, functionName });

  it("say where it stands, and what comes next", async () => {
    const [open] = await answerOf(() => tasks.status(base(), runtime()));
    expect(open).to.include({ phase: "open", raised: String(210_000n * UNIT), pausedUntil: "0" });
    expect(open["next"]).to.equal("it closes at 2040-03-15T14:00:00Z");
    await world.list();
    const [listed] = await answerOf(() => tasks.status(base(), runtime()));
    expect(listed).to.deep.include({ phase: "listed", owed: { fee: "0", treasury: "0", unsold: "0" } });
  });

  it("report the state at one block, recomputed, as JSON, CSV and a page", async () => {
    const out = join(folder, "report");
    const [answer, exitCode] = await answerOf(() => report({ ...base(), rpc: "", out }, runtime()));
    expect(exitCode).to.equal(0);
    const text = (name: string) => readFileSync(join(out, name), "utf8");
    const { files, ...made } = answer;
    expect(JSON.parse(text("report.json"))).to.deep.equal(made);
    const names = ["report.json", "report.csv", "report.html", "tokenlist.json"];
    expect(files).to.have.members(names.map((name) => join(out, name)));
    const { status, verification } = made as {
      status: { block: string };
      verification: { ok: boolean; block: { number: number } };
    };
    expect(verification.ok).to.equal(true);
    expect(String(verification.block.number)).to.equal(status.block);
    const dated = new Date(Number((await world.chain.getBlock()).timestamp) * 1000).toISOString();
    for (const line of [
      `report,dated,${dated}`,
      `status,raised,${210_000n * UNIT}`,
      "status,phase,open",
      "sale,buyers,3",
    ]) {
      expect(text("report.csv").split("\r\n")).to.include(line);
    }
    expect(text("report.html"))
      .to.contain("<h1>Acme Network (ACME): open</h1>")
      .and.not.to.match(/<script|src=|href=/);
  });

  it("tell a wallet's whole story, by wallet, order and transaction, and why a purchase failed", async () => {
    const explain = (subject: string) =>
      answerOf(() => tasks.explain({ ...base(), subject, rpc: "" }, runtime()));
    type Told = { happened: { what: string; orderId?: string; transaction: string }[] };
    const [first = "0x"] = world.buyers;
    const [byWallet] = (await explain(first)) as unknown as [Told];
    expect(byWallet.happened.map(({ what }) => what)).to.deep.equal([
      "bought",
      "withdrew everything",
      "bought",
    ]);
    const [{ orderId = "", transaction } = { transaction: "" }] = byWallet.happened;
    expect((await explain(orderId))[0]).to.deep.equal(byWallet);
    expect((await explain(transaction))[0]).to.deep.equal(byWallet);

    const voucher = {
      nonce: 0n,
      cumulativeCap: 1n,
      validFrom: 0n,
      validUntil: 2n ** 60n,
      orderId: orderId as Hex,
    };
    const data = encodeFunctionData({
      ...{ abi: saleAbi, functionName: "purchase", args: [UNIT, 0n, voucher, "0x"] },
    } as const);
    await world.rpc("evm_setAutomine", [false]);
    const call = { from: first, to: world.sale, data, gas: numberToHex(500_000) };
    const failed = (await world.rpc("eth_sendTransaction", [call])) as string;
    await world.rpc("evm_mine");
    await world.rpc("evm_setAutomine", [true]);
    const [why] = await explain(failed);
    expect(why).to.have.nested.property("failure.code", "Sale_NonceUsed");

    const [unknown, code] = await explain(`0x${"12".repeat(32)}`);
    expect([unknown.error?.code, code]).to.deep.equal(["subject-unknown", 1]);
  });

  it("pause once, by the guardian; a dry run sends nothing and says what a multisig sends", async () => {
    const pause = (from: string, dryRun = false) =>
      answerOf(() => tasks.pause({ ...acting(from, dryRun), duration: "2 hours" }, runtime()));
    const head = await world.chain.getBlockNumber();
    const [dry] = await pause(roles.guardian, true);
    const data = encodeFunctionData({ abi: saleAbi, functionName: "pause", args: [7_200n] });
    expect(dry).to.deep.equal({ call: { to: world.sale, value: "0", data } });
    expect((await pause(roles.owner))[0].error?.code).to.equal("Sale_NotAuthorised");
    expect(await world.chain.getBlockNumber()).to.equal(head);

    expect((await pause(roles.guardian))[0]["transaction"]).to.match(/^0x[0-9a-f]{64}$/);
    const { timestamp } = await world.chain.getBlock();
    expect(await read("pausedUntil")).to.equal(timestamp + 7_200n);
    expect((await pause(roles.guardian))[0].error?.code).to.equal("Sale_PauseSpent");
    const forever = tasks.pause({ ...acting(roles.guardian), duration: "forever" }, runtime());
    expect((await answerOf(() => forever))[1]).to.equal(1);
  });

  it("admit and strike off a signer, void vouchers, and declare a failure", async () => {
    const signer = "0x00000000000000000000000000000000000000C1";
    const add = (from: string) =>
      tasks.addSigner({ ...acting(from), signer, maxCap: "500 USDC", maxWindow: "1 hour" }, runtime());
    const standing = () =>
      world.chain.readContract({
        address: world.sale,
        abi: saleAbi,
        functionName: "signerOf",
        args: [signer],
      });
    expect((await answerOf(() => add(roles.guardian)))[0].error?.code).to.equal("OwnableUnauthorizedAccount");
    const multisig = {
      ...acting("0x00000000000000000000000000000000000000C1", true),
      signer,
      maxWindow: "1 hour",
    };
    const asMultisig = tasks.addSigner({ ...multisig, maxCap: "500" }, runtime());
    expect((await answerOf(() => asMultisig))[0].error?.code).to.equal("OwnableUnauthorizedAccount");
    await answerOf(() => add(roles.owner));
    expect(await standing()).to.deep.equal([1, 500n * UNIT, 3_600n]);
    await answerOf(() => tasks.strikeSigner({ ...acting(roles.owner), signer }, runtime()));
    expect((await standing())[0]).to.equal(2);

    const [, wallet = "0x"] = world.buyers;
    await answerOf(() => tasks.invalidate({ ...acting(roles.compliance), wallet }, runtime()));
    const [, , nonce] = await world.chain.readContract({
      ...{ address: world.sale, abi: saleAbi, functionName: "positionOf", args: [wallet] },
    } as const);
    expect(nonce).to.equal(2n);

    await answerOf(() => tasks.fail(acting(roles.guardian), runtime()));
    expect(await read("phase")).to.equal(6);
  });

  it("refuse an account, a record and a simulated chain that are not there", async () => {
    const nobody = acting("0x00000000000000000000000000000000000000C1");
    expect((await answerOf(() => tasks.fail(nobody, runtime())))[0].error?.code).to.equal("no-account");
    const missing = { ...base(), record: join(folder, "none.json") };
    expect((await answerOf(() => tasks.status(missing, runtime())))[0].error?.code).to.equal(
      "record-unreadable",
    );
    expect((await answerOf(() => tasks.status(base(), hre)))[0].error?.code).to.equal("no-lasting-chain");
  });
});

describe("tasks from closed to released", () => {
  it("finalise, reconcile, list and release, each once however often it is run", async () => {
    const world = await startSettledLaunch();
    const api = await serveIndexer(world.indexer, [world.record]);
    try {
      const runtime = runtimeAt(world.chain.url);
      const base = { record: world.launch.env.LAUNCH_RECORD, json: true };
      const acting = { ...base, from: world.chain.deployer, dryRun: false };
      const comparing = {
        ...{ rpc: "", indexer: api.url, signer: world.signer.url },
        ...{ exportKeyFile: world.launch.env.EXPORT_KEY_FILE, finalityDepth: 8, acknowledged: "" },
      };
      await world.chain.moveTo(world.record.terms.sale.closesAt);
      const [finalised] = await answerOf(() => tasks.finalise(acting, runtime));
      expect(finalised["transaction"]).to.match(/^0x/);
      const [again] = await answerOf(() => tasks.finalise(acting, runtime));
      expect(again).to.not.have.property("transaction");

      await world.chain.moveTo(BigInt(String(finalised["listableFrom"])));
      await world.mineToFinality();
      const [reconciled, code] = await answerOf(() => tasks.reconcile({ ...base, ...comparing }, runtime));
      expect([reconciled["differences"], code]).to.deep.equal([[], 0]);
      const forgotten = { ...base, ...comparing, indexer: "" };
      expect((await answerOf(() => tasks.reconcile(forgotten, runtime)))[0].error?.code).to.equal("usage");
      await world.indexer.database.query("UPDATE entries SET amount = amount + 1 WHERE sequence = 1");
      expect((await answerOf(() => tasks.reconcile({ ...base, ...comparing }, runtime)))[1]).to.equal(1);
      await world.indexer.database.query("UPDATE entries SET amount = amount - 1 WHERE sequence = 1");

      const { client, currency, deployer } = world.chain;
      await client.writeContract({
        ...{ address: currency, abi: mintAbi, functionName: "mint", account: deployer },
        args: [world.record.sale, 7n],
      });
      await world.mineToFinality();
      const acknowledged = join(mkdtempSync(join(tmpdir(), "slipway-notices-")), "notices.jsonl");
      const seen = { ...base, ...comparing, acknowledged, code: "currency-surplus" };
      const acknowledge = async (by: string, reason: string) =>
        (await answerOf(() => tasks.acknowledge({ ...seen, by, reason }, runtime)))[0];
      expect((await acknowledge("Ada", "")).error?.code).to.equal("acknowledgement-invalid");
      expect((await acknowledge("Ada", "a gift"))["kept"]).to.have.length(1);
      expect((await acknowledge("Ada", "again")).error?.code).to.equal("usage");
      const [noticed, passed] = await answerOf(() =>
        tasks.reconcile({ ...base, ...comparing, acknowledged }, runtime),
      );
      const [notice] = noticed["differences"] as { got: string; acknowledged: { by: string } }[];
      expect([notice?.got, notice?.acknowledged.by, passed]).to.deep.equal(["7", "Ada", 0]);

      const [tried] = await answerOf(() => tasks.list({ ...acting, ...comparing, dryRun: true }, runtime));
      expect(tried).to.have.nested.property("call.to", world.record.sale);
      const release = () => answerOf(() => tasks.release({ ...acting, what: "all" }, runtime));
      await answerOf(() => tasks.list({ ...acting, ...comparing }, runtime));
      const [released] = await release();
      expect(Object.keys(released)).to.deep.equal(["fee", "treasury", "unsold"]);
      expect((await release())[0]).to.deep.equal({});
    } finally {
      await api.close();
      await world.close();
    }
  });
});
