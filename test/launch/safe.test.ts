import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { numberToHex, type Address, type Hex, type PublicClient } from "viem";
import demo from "../../launch.config.ts";
import { readRecord } from "../../deploy/readRecord.ts";
import { checksumOf } from "../../src/launch/safe/builderFile.ts";
import { safeBatches, type SafeBatch } from "../../src/launch/safe/safeBatches.ts";
import { isDone } from "../../src/launch/plan/isDone.ts";
import applyTask from "../../src/hardhat/tasks/apply.ts";
import planTask from "../../src/hardhat/tasks/plan.ts";
import { parseRecord } from "../../src/sdk/json.ts";
import { answerOf, runtimeAt } from "../support/taskAnswer.ts";
import { emptyChain, planOn, startNode } from "../support/planWorld.ts";
import { bringSafe } from "../support/realSafe.ts";
import { codeOf } from "../support/signerUnderTest.ts";

type Told = { kind: string; raw: Hex; file?: string; nonce: string; safeTxHash: Hex };
type Call = { to: Address; value: string; data: Hex };

describe("launch apply --safe", () => {
  let chain: PublicClient;
  let safe: Awaited<ReturnType<typeof bringSafe>>;
  let plan: Awaited<ReturnType<typeof planOn>>;
  const rpc = (method: string, params: unknown[] = []): Promise<unknown> =>
    chain.request({ method, params } as never);

  before(async () => {
    chain = await emptyChain();
    safe = await bringSafe(chain);
    const elsewhere = await emptyChain();
    await bringSafe(elsewhere); // at the same address
    plan = await planOn(elsewhere, { sender: safe.safe });
  });

  it("is executed whole by the real Safe, at the hashes and nonces that were told", async () => {
    await rpc("hardhat_setBalance", [safe.safe, numberToHex(10n ** 18n)]);
    const batches = await safeBatches({ plan, safe: safe.safe, chain });
    const told = batches.filter((batch): batch is SafeBatch => batch.kind === "safe");
    expect(batches.map(({ kind }) => kind).slice(0, 3)).to.deep.equal(["safe", "broadcast", "safe"]);
    expect(told.map(({ nonce }) => nonce)).to.deep.equal(told.map((_, index) => BigInt(index)));
    expect(told.map(({ operation }) => operation)).to.include.members([0, 1]);
    expect(told.flatMap(({ steps }) => steps)).to.deep.equal(
      plan.transactions.filter(({ signed }) => signed === undefined),
    );

    for (const batch of batches) {
      if (batch.kind === "broadcast") {
        await chain.sendRawTransaction({ serializedTransaction: batch.raw });
        continue;
      }
      if (batch.operation === 1) expect(batch.to).to.equal(safe.multiSend);
      expect(await safe.hashOf(batch)).to.equal(batch.safeTxHash);
      await safe.execute(batch, batch.safeTxHash);
    }
    for (const { postcondition } of plan.transactions)
      expect(await isDone(chain, postcondition)).to.equal(true);
    expect((await readRecord({ launch: demo, client: chain })).sale).to.equal(plan.sale);
    expect(await safeBatches({ plan, safe: safe.safe, chain })).to.deep.equal([]);
  });

  it("writes a file of each for the Transaction Builder and sends nothing, and once all is done the record", async () => {
    const node = await startNode();
    const folder = mkdtempSync(join(tmpdir(), "slipway-safe-"));
    try {
      const real = await bringSafe(node.chain);
      await node.chain.request({
        ...{ method: "hardhat_setBalance" as never, params: [real.safe, numberToHex(10n ** 18n)] as never },
      });
      const file = resolve("launch.config.ts");
      const out = join(folder, "plan.json");
      await answerOf(() => planTask({ file, out, safe: real.safe, json: true }, runtimeAt(node.url)));
      const record = join(folder, "launch.json");
      const options = {
        ...{ plan: out, journal: "", record, confirmations: 1 },
        safe: real.safe,
        json: true,
      };
      const apply = () => answerOf(() => applyTask(options, runtimeAt(node.url)));

      const head = await node.chain.getBlockNumber();
      const [{ batches }] = (await apply()) as unknown as [{ batches: Told[] }];
      expect(await node.chain.getBlockNumber()).to.equal(head);
      for (const { kind, raw, file: path = "", nonce, safeTxHash } of batches) {
        if (kind === "broadcast") {
          await node.chain.sendRawTransaction({ serializedTransaction: raw });
          continue;
        }
        const text = readFileSync(path, "utf8");
        const built = JSON.parse(text) as Parameters<typeof checksumOf>[0] & { transactions: Call[] };
        expect(built.meta["checksum"]).to.equal(checksumOf(built));
        // As the Transaction Builder makes one of them: of the file alone.
        const calls = built.transactions.map(({ to, value, data }) => ({ to, data, value: BigInt(value) }));
        await real.execute({ ...real.combine(calls), nonce: BigInt(nonce) }, safeTxHash);
      }
      const [done] = await apply();
      expect([done["record"], done["sent"]]).to.deep.equal([record, []]);
      expect(parseRecord(readFileSync(record, "utf8")).sale).to.equal(plan.sale);
    } finally {
      await node.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("keeps each within what a block and the nodes take, and leaves out what is done", async () => {
    const fresh = await emptyChain();
    await bringSafe(fresh);
    const batches = await safeBatches({ plan, safe: safe.safe, chain: fresh });
    for (const batch of batches) {
      if (batch.kind !== "safe") continue;
      expect(batch.steps.reduce((sum, { gas }) => sum + gas, 0n) <= 15_000_000n).to.equal(true);
      expect(batch.data.length / 2).to.be.lessThan(125_000);
    }
    const big = { ...plan, transactions: plan.transactions.map((step) => ({ ...step, gas: 15_000_001n })) };
    expect(await codeOf(safeBatches({ plan: big, safe: safe.safe, chain: fresh }))).to.equal("safe-unusable");
  });

  it("refuses another chain, another sender, and what is no Safe", async () => {
    const fresh = await emptyChain();
    const with_ = (change: object, of: Address = safe.safe) =>
      codeOf(safeBatches({ plan: { ...plan, ...change }, safe: of, chain: fresh }));
    expect(await with_({ chainId: 1 })).to.equal("wrong-chain");
    expect(await with_({}, safe.multiSend)).to.equal("wrong-sender");
    expect(await with_({})).to.equal("safe-unusable");
  });

  it("has the checksum that Safe's Transaction Builder computes", () => {
    const owner: Address = "0x49d4450977E2c95362C13D3a31a09311E0Ea26A6";
    const method = (name: string, type: string) => ({
      inputs: [{ internalType: type, name: `param${type === "bool" ? "Bool" : "Address"}`, type }],
      ...{ name, payable: false },
    });
    // The vector of Safe's own test.
    const file = {
      ...{ version: "1.0", chainId: "4", createdAt: 1_646_321_521_061 },
      meta: {
        ...{ name: "test batch file", txBuilderVersion: "1.4.0", checksum: "" },
        createdFromSafeAddress: "0xDF8a1Ce35c9a6ACE153B4e0767942f1E2291a1Aa",
        createdFromOwnerAddress: owner,
      },
      transactions: [
        {
          ...{ to: owner, value: "0", contractMethod: method("testAddress", "address") },
          contractInputsValues: { paramAddress: owner },
        },
        {
          ...{ to: owner, value: "0", contractMethod: method("testBool", "bool") },
          contractInputsValues: { paramAddress: "", paramBool: "false" },
        },
        {
          ...{ to: owner, value: "2000000000000000000" },
          data: "0x42f4579000000000000000000000000049d4450977e2c95362c13d3a31a09311e0ea26a6",
        },
      ],
    };
    expect(checksumOf(file)).to.equal("0x86c81826dbf7e8a37612153294cc85fdf5c81998dd0a44b86d945502a7eace7c");
  });
});
