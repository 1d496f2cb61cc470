import { readFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import hre, { network } from "hardhat";
import { getAddress, hexToBigInt, zeroAddress, type Address, type Hex, type PublicClient } from "viem";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import demo from "../../launch.config.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { launchModule } from "../../deploy/modules/launchModule.ts";
import { runModule } from "../../deploy/runModule.ts";
import { planHash, type Plan } from "../../src/launch/plan/Plan.ts";
import { raiseScenarios } from "../../src/launch/plan/raiseScenarios.ts";
import { launchFiles } from "../../src/launch/projectFiles.ts";
import { readLaunchFile } from "../../src/launch/readLaunchFile.ts";
import { vestingAbi } from "../../src/sdk/abi/Vesting.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import type { SlipwayError } from "../../src/sdk/problem.ts";
import { vested } from "../../src/sdk/vested.ts";
import { clientOf } from "../../src/hardhat/forkOf.ts";
import { emptyChain, OTHER_SENDER, planOn, SENDER, startNode } from "../support/planWorld.ts";
import { codeOf } from "../support/signerUnderTest.ts";

const UNIT = 10n ** 6n;
const ACME = 10n ** 18n;

describe("launch plan", () => {
  const sent = ({ transactions }: Plan) => transactions.filter(({ done }) => !done);
  const rpc = (chain: PublicClient, method: string, params: unknown[]) =>
    chain.request({ method, params } as never);

  it("records what Ignition sends for the same launch, in its order", async () => {
    const { provider } = await network.create();
    const seen: [to: Address, data: Hex, value: bigint][] = [];
    const recording: EIP1193Provider = {
      request: (call) => {
        if (call.method === "eth_sendTransaction") {
          const [{ to, data, value }] = call.params as [{ to: Address; data: Hex; value?: Hex }];
          seen.push([getAddress(to), data, value === undefined ? 0n : hexToBigInt(value)]);
        }
        return provider.request(call) as Promise<unknown>;
      },
    };
    await runModule({ module: launchModule(demo), provider: recording });
    const [funding, ...creations] = seen;
    expect(funding?.[2]).to.equal(10n ** 16n);

    const plan = await planOn(await emptyChain());
    const planned = plan.transactions.filter(({ signed }) => signed === undefined);
    expect(planned[0]?.value).to.equal(10n ** 16n);
    expect(planned.slice(1).map(({ to, data, value }) => [to, data, value])).to.deep.equal(creations);
  });

  it("has one hash for one launch, whatever is done already and whatever gas costs", async () => {
    const chain = await emptyChain();
    const before = await planOn(chain);
    // The chain has carried the plan out.
    await rpc(chain, "hardhat_setNextBlockBaseFeePerGas", ["0x174876e800"]);
    const after = await planOn(chain);
    expect(after.hash).to.equal(before.hash);
    expect(sent(before)).to.have.lengthOf(before.transactions.length);
    expect(sent(after)).to.have.lengthOf(0);
    expect(after.balance.after).to.equal(after.balance.before);
  });

  it("has another hash for another term, sender, transaction, outcome or contract beneath", async () => {
    const plan = await planOn(await emptyChain());
    const fee: Launch = { ...demo, payout: { ...demo.payout, feeBps: demo.payout.feeBps + 1 } };
    const edited = await planOn(await emptyChain(), { launch: fee });
    const other = await planOn(await emptyChain(), { sender: OTHER_SENDER });
    const [first, second, ...rest] = plan.transactions;
    if (first === undefined || second?.postcondition.kind !== "contract") throw new Error("no such steps");
    const differently = (transactions: Plan["transactions"]) => planHash({ ...plan, transactions });
    const hashes = [
      ...[plan.hash, edited.hash, other.hash],
      differently([second, first, ...rest]),
      differently([{ ...first, value: first.value + 1n }, second, ...rest]),
      differently([{ ...first, data: "0x00" }, second, ...rest]),
      differently([{ ...first, to: OTHER_SENDER }, second, ...rest]),
      differently([
        first,
        { ...second, postcondition: { ...second.postcondition, codeHash: "0x" } },
        ...rest,
      ]),
      planHash({ ...plan, beneath: [{ name: "x", address: SENDER, codeHash: "0x" }] }),
      planHash({ ...plan, chainId: 1 }),
    ];
    expect(new Set(hashes).size).to.equal(hashes.length);
    expect(
      differently(plan.transactions.map((each) => ({ ...each, gas: 1n, cost: 1n, done: true }))),
    ).to.equal(plan.hash);
  });

  it("sends nothing to a network, and sees what is there already", async () => {
    const node = await startNode();
    try {
      const { hash } = await planOn(node.chain); // carries it out there
      const head = await node.chain.getBlockNumber();
      const { chain, sender, close } = await node.fork();
      const other: Launch = { ...demo, token: { ...demo.token, symbol: "OTHER" } };
      const plan = await planOn(chain, { launch: other });
      await close();
      const untouched = await node.fork();
      const again = await planOn(untouched.chain);
      await untouched.close();
      expect([again.hash, sent(again)]).to.deep.equal([hash, []]);
      expect(sender.toLowerCase()).to.equal(SENDER.toLowerCase());
      expect(sent(plan).map(({ words }) => words.split(" at ")[0])).to.deep.equal([
        "Create Sale",
        "Announce the sale in the registry",
      ]);
      expect(plan.balance.before).to.equal(await node.chain.getBalance({ address: SENDER }));
      expect(await node.chain.getBlockNumber()).to.equal(head);
    } finally {
      await node.close();
    }
  });

  it("refuses another chain, a missing contract, other decimals and other code", async () => {
    expect(await codeOf(planOn(await emptyChain(), { launch: { ...demo, chainId: 1 } }))).to.equal(
      "wrong-chain",
    );
    const withCurrency = (address: Address, decimals: number): Launch => ({
      ...demo,
      currency: { symbol: "USD", decimals, address },
    });
    const nowhere = withCurrency("0x00000000000000000000000000000000000000AA", 6);
    expect(await codeOf(planOn(await emptyChain(), { launch: nowhere }))).to.equal("code-missing");
    const nowhereTwice = { ...nowhere, token: { ...nowhere.token, existing: SENDER } } as Launch;
    const all = await planOn(await emptyChain(), { launch: nowhereTwice }).catch(
      (error: SlipwayError) => error,
    );
    expect("problems" in all && all.problems.map(({ field }) => field)).to.deep.equal([
      ...["sale.currency", "token.existing"],
    ]);
    const weth = "0x29F9484Dd5B678b8d44BA88ea6BDD86895a1586f"; // of a local chain; it has 18 decimals
    expect(await codeOf(planOn(await emptyChain(), { launch: withCurrency(weth, 6) }))).to.equal(
      "currency-differs",
    );

    const chain = await emptyChain();
    await planOn(chain);
    const { address } = deploymentOf(demo).modules.vesting;
    const code = (await chain.getCode({ address })) ?? "0x";
    await rpc(chain, "hardhat_setCode", [address, `${code.slice(0, 10)}5b${code.slice(12)}`]);
    expect(await codeOf(planOn(chain))).to.equal("code-differs");
  });

  it("refuses a currency of which not everything arrives, of which there is too much, or whose balances change by themselves", async () => {
    const { ethers, provider } = await network.create();
    const selling = async (token: { getAddress: () => Promise<string> }) => {
      const currency = { symbol: "USD", decimals: 18, address: (await token.getAddress()) as Address };
      const sale = { ...demo.sale, price: { currencyUnits: 1n, tokenUnits: 20n }, minPurchase: 0n };
      const listing = { ...demo.listing, price: sale.price };
      return codeOf(planOn(clientOf(provider), { launch: { ...demo, currency, sale, listing } }));
    };
    const token = await ethers.deployContract("HostileToken");
    await token.getFunction("mint")(SENDER, 10n ** 20n);
    expect(await selling(token)).to.equal("passed");
    expect(await token.getFunction("balanceOf")(SENDER)).to.equal(10n ** 20n);
    await token.getFunction("setFee")(100n);
    expect(await selling(token)).to.equal("currency-unfit");

    const many = await ethers.deployContract("HostileToken");
    await many.getFunction("mint")(await many.getAddress(), 2n ** 127n - 1n);
    expect(await selling(many)).to.equal("passed");
    await many.getFunction("mint")(await many.getAddress(), 1n);
    expect(await selling(many)).to.equal("currency-unfit");

    // Of stETH, aTokens and AMPL, OUSD, sOHM, USDM, as their own sources have them.
    const kinds = [
      ["getPooledEthByShares(uint256)", "getSharesByPooledEth(uint256)"],
      ["scaledTotalSupply()", "scaledBalanceOf(address)"],
      ["rebasingCreditsPerToken()", "creditsBalanceOf(address)"],
      ["gonsForBalance(uint256)", "balanceForGons(uint256)"],
      ["rewardMultiplier()", "convertToTokens(uint256)"],
    ];
    const answering = (views: string[]) =>
      ethers.deployContract("RebasingToken", [views.map((view) => ethers.id(view).slice(0, 10))]);
    for (const views of kinds) expect(await selling(await answering(views))).to.equal("currency-unfit");
    for (const [one = ""] of kinds) expect(await selling(await answering([one, one]))).to.equal("passed");
  });

  it("refuses payees that refuse what they would be paid in", async () => {
    const { ethers, provider } = await network.create();
    const refuses = (await (await ethers.deployContract("HostileToken")).getAddress()) as Address;
    const takes = (await (await ethers.deployContract("MoodyVenue", [false])).getAddress()) as Address;
    const raising = async (currency: Launch["currency"], payout: Partial<Launch["payout"]>) => {
      const sale = { ...demo.sale, price: { currencyUnits: 1n, tokenUnits: 20n }, minPurchase: 0n };
      const listing = { ...demo.listing, price: sale.price };
      const launch = { ...demo, currency, sale, listing, payout: { ...demo.payout, ...payout } };
      return codeOf(planOn(clientOf(provider), { launch }));
    };
    const ether = { symbol: "ETH", decimals: 18, address: zeroAddress };
    expect(await raising(ether, { treasury: takes })).to.equal("passed");
    expect(await raising(ether, { treasury: refuses })).to.equal("payee-refuses");
    expect(await raising(ether, { feeRecipient: refuses })).to.equal("payee-refuses");
    // A token asks nobody.
    expect(await raising({ symbol: "USD", decimals: 18, address: refuses }, { treasury: refuses })).to.equal(
      "passed",
    );
  });

  it("warns of what may be sold against the pool, and of a listing far above the sale", async () => {
    const told = async (change: Partial<Launch>) => {
      const { warnings } = await planOn(await emptyChain(), { launch: { ...demo, ...change } });
      return warnings.filter((each) => /within 30 days of listing|half as much again/.test(each));
    };
    expect(await told({})).to.deep.equal([]);
    // At the soft cap 39,200 USDC and 784,000 ACME are in the pool; all that is not sold comes to 4,216,000 ACME.
    const [unsold = ""] = await told({ payout: { ...demo.payout, burnUnsold: false } });
    expect(unsold).to.contain("soft cap").and.contain("more than the 784,000 in the pool");
    const { price } = demo.sale;
    const dearer = { currencyUnits: 3n, tokenUnits: 2n * price.tokenUnits };
    expect(await told({ listing: { ...demo.listing, price: dearer } })).to.have.lengthOf(1);
  });

  it("says what a raise comes to at both caps and between", () => {
    const [soft, half, hard] = raiseScenarios(demo);
    if (soft === undefined || half === undefined || hard === undefined) throw new Error("three scenarios");
    expect([soft.raised, half.raised, hard.raised]).to.deep.equal([
      100_000n * UNIT,
      125_000n * UNIT,
      250_000n * UNIT,
    ]);
    // 2 % fee; 40 % of the rest into the pool; at 0.05 each unit of currency is 20 tokens.
    expect(hard.fee).to.equal(5_000n * UNIT);
    expect(hard.pool).to.deep.equal({ currency: 98_000n * UNIT, tokens: 1_960_000n * ACME });
    expect(hard.treasury).to.equal(147_000n * UNIT);
    expect(hard.sold).to.equal(5_000_000n * ACME);
    expect(hard.unsold).to.equal(40_000n * ACME);
    expect([hard.salePrice, hard.listingPrice]).to.deep.equal(["0.05", "0.05"]);
    // All but the burned, at 0.05; and pool, a quarter of the buyers' and a tenth of the ecosystem's.
    expect(hard.valuation.fullyDiluted).to.equal(498_000n * UNIT);
    expect(hard.circulating[0]).to.deep.equal({
      month: 0,
      tokens: (1_960_000n + 1_250_000n + 100_000n) * ACME,
    });
    // Four years of 365 days are 49 months begun.
    expect(hard.circulating.at(-1)).to.deep.equal({ month: 49, tokens: (10_000_000n - 40_000n) * ACME });

    const missed = { ...demo, sale: { ...demo.sale, softCap: 200_000n * UNIT } };
    expect(raiseScenarios(missed).map(({ fails }) => fails)).to.deep.equal([false, true, false]);
  });

  it("vests as the chain does", async () => {
    const chain = await emptyChain();
    await planOn(chain);
    const { address } = deploymentOf(demo).modules.vesting;
    const day = 86_400n;
    const people = { beneficiary: SENDER, revoker: SENDER } as const;
    const schedules = [
      { initialBps: 2_500, cliffSeconds: 30n * day, durationSeconds: 180n * day, steps: 0 },
      { initialBps: 1_000, cliffSeconds: 0n, durationSeconds: 720n * day, steps: 24 },
      { initialBps: 10_000, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 },
    ];
    for (const schedule of schedules) {
      for (const elapsed of [0n, 1n, 30n * day - 1n, 30n * day, 100n * day + 7n, 180n * day, 720n * day]) {
        const allocation = { ...{ index: 0n, amount: 10n ** 24n + 7n, schedule }, ...people };
        const onChain = await chain.readContract({
          ...{ address, abi: vestingAbi, functionName: "vestedAt" },
          args: [allocation, 1_000n, 1_000n + elapsed],
        } as const);
        expect(vested(schedule, allocation.amount, elapsed)).to.equal(onChain);
      }
    }
  });

  describe("as a task", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-plan-"))));
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("prints one object with hash and transactions, and writes the same to --out", async () => {
      const lines: string[] = [];
      const { log } = console;
      console.log = (line: string) => lines.push(line);
      const out = join(folder, "plan.json");
      try {
        await hre.tasks.getTask(["launch", "plan"]).run({ file: "launch.config.ts", out, json: true });
      } finally {
        console.log = log;
      }
      const printed = JSON.parse(lines.at(-1) ?? "") as Plan;
      expect(printed.hash).to.equal((await planOn(await emptyChain())).hash);
      expect(printed.transactions).to.have.lengthOf(16);
      expect(JSON.parse(readFileSync(out, "utf8"))).to.deep.equal(printed);
    });

    it("writes a launch file to begin with, and never over one", async () => {
      const file = join(folder, "launch.config.ts");
      const init = async (preset = "", to = file) => {
        const lines: string[] = [];
        const { log } = console;
        console.log = (line: string) => lines.push(line);
        try {
          await hre.tasks.getTask(["launch", "init"]).run({ file: to, preset, json: true });
          return lines.at(-1) ?? "";
        } finally {
          console.log = log;
          process.exitCode = 0;
        }
      };
      expect(await init()).to.contain(file);
      expect(readFileSync(file, "utf8")).to.contain('from "@slipway/hardhat/launch"');
      expect(readFileSync(join(folder, "acme-paper.md"), "utf8")).to.contain("Acme");
      writeFileSync(file, "// mine\n");
      expect(await init()).to.contain("file-exists");
      expect(readFileSync(file, "utf8")).to.equal("// mine\n");
      // The paper is there already, and the same.
      const second = join(folder, "second.config.ts");
      expect(await init("", second)).to.contain(second);
      writeFileSync(join(folder, "acme-paper.md"), "mine as well");
      expect(await init("", join(folder, "third.config.ts"))).to.contain("acme-paper.md");
    });

    it("compares the document with its hash, and tells it with everything else that is wrong", async () => {
      const sdk = fileURLToPath(new URL("../../src/sdk/launchFile/defineLaunch.ts", import.meta.url));
      const { "launch.config.ts": text = "", "acme-paper.md": paper = "" } = launchFiles();
      const problems = async (name: string, change: (launch: string) => string, document: string) => {
        const file = join(folder, name);
        writeFileSync(file, change(text.replace("@slipway/hardhat/launch", sdk)));
        writeFileSync(join(folder, "acme-paper.md"), document);
        return readLaunchFile(file).then(
          () => [],
          (error: SlipwayError) => error.problems.map(({ code, field }) => [code, field]),
        );
      };
      const differs = ["document-differs", "document.hash"];
      expect(await problems("sound.ts", (launch) => launch, paper)).to.deep.equal([]);
      expect(await problems("other.ts", (launch) => launch, "another paper\n")).to.deep.equal([differs]);
      const noCap = (launch: string) => launch.replace('softCap: "100_000 USDC"', 'softCap: "much"');
      expect(await problems("both.ts", noCap, "another paper\n")).to.deep.equal([
        ["amount-invalid", "sale.softCap"],
        differs,
      ]);
      const elsewhere = (launch: string) => launch.replace('file: "acme-paper.md"', 'file: "paper.pdf"');
      expect(await problems("none.ts", elsewhere, paper)).to.deep.equal([
        ["document-differs", "document.file"],
      ]);
    });

    it("names the line of a launch file that cannot be read", async () => {
      const file = join(folder, "launch.config.ts");
      expect(await codeOf(readLaunchFile(file))).to.equal("launch-file-missing");

      writeFileSync(file, "export default {\n  chainId: 31337,,\n};\n");
      const error = await readLaunchFile(file).then(
        () => undefined,
        (caught: SlipwayError) => caught,
      );
      expect(error?.code).to.equal("launch-file-unreadable");
      expect(error?.message).to.match(/launch\.config\.ts:2:\d+: /);

      const empty = join(folder, "empty.config.ts");
      writeFileSync(empty, "export const launch = 1;\n");
      expect(await codeOf(readLaunchFile(empty))).to.equal("launch-file-unreadable");
    });
  });
});
