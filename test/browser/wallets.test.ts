import { expect } from "chai";
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { concat, type Address, type Hex } from "viem";
import { hardhat } from "viem/chains";
import { announceWallet } from "./support/announceWallet.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, UNIT, type Launch, type PersonaName } from "./support/startLaunch.ts";
import { visit, type Visitor } from "./support/visitor.ts";

type Traits = Pick<Parameters<typeof announceWallet>[1], "atomic" | "upgrades" | "contract">;

describe("buying with every kind of wallet", function () {
  this.timeout(90_000);
  let launch: Launch;
  let browser: Browser;
  let visitor: Visitor;

  before(async () => {
    [launch, browser] = await Promise.all([startLaunch(), startBrowser()]);
  });
  afterEach(() => visitor.close());
  after(async () => {
    await browser.close();
    await launch.close();
  });

  /** What the wallet was asked on the way from "Connect" to a receipt of 100 USDC. */
  async function buy(name: PersonaName, traits: Traits = {}): Promise<string[]> {
    const { account } = launch.named(name);
    const buyer = traits.contract ?? account.address;
    const before = (await launch.positionOf(buyer)).paid;
    let asked: string[] = [];
    visitor = await visit(browser, launch, {
      prepare: async (page) => {
        const wallet = { account, chain: hardhat, rpcUrl: launch.chain.url, ...traits };
        ({ asked } = await announceWallet(page, wallet));
      },
    });
    await visitor.connect("Test Extension");
    await visitor.page.getByRole("button", { name: "Sign in" }).click();
    await visitor.order("100");
    const [receipt, declined] = [
      visitor.page.getByTestId("receipt"),
      visitor.page.getByRole("button", { name: "Continue" }),
    ];
    await receipt.or(declined).waitFor();
    if (await declined.isVisible()) {
      expect((await launch.positionOf(buyer)).paid).to.equal(before);
      await declined.click();
      await receipt.waitFor();
    }
    expect((await launch.positionOf(buyer)).paid).to.equal(before + 100n * UNIT);
    return asked;
  }

  async function deploy(name: string, args: readonly unknown[]): Promise<Address> {
    const path = new URL(`../../artifacts/contracts/${name}.json`, import.meta.url);
    const { abi, bytecode } = JSON.parse(readFileSync(path, "utf8")) as { abi: unknown[]; bytecode: Hex };
    const { client, deployer } = launch.chain;
    const hash = await client.deployContract({ abi, bytecode, args, account: deployer });
    return (await client.waitForTransactionReceipt({ hash })).contractAddress!;
  }

  it("a plain one, which knows no batches: one signature and one transaction", async () => {
    const asked = await buy("Ada");
    expect(asked).to.deep.equal(["personal_sign", "eth_signTypedData_v4", "eth_sendTransaction"]);
  });

  for (const atomic of ["supported", "ready"] as const) {
    it(`one whose batches are ${atomic} (EIP-5792): one confirmation`, async () => {
      expect(await buy("Bao", { atomic })).to.deep.equal(["personal_sign", "wallet_sendCalls"]);
    });
  }

  it("one whose owner wants no upgrade of the account (5750): step by step after that", async () => {
    const asked = await buy("Finn", { atomic: "ready", upgrades: false });
    expect(asked).to.deep.equal([
      ...["personal_sign", "wallet_sendCalls"],
      ...["eth_signTypedData_v4", "eth_sendTransaction"],
    ]);
  });

  it("one whose account has delegated its code to a strict ERC-1271 (EIP-7702): approval and purchase", async () => {
    const { account } = launch.named("Ada");
    const delegate = await deploy("mocks/ContractSigner.sol/ContractSigner", [launch.chain.deployer]);
    const bytecode = concat(["0xef0100", delegate]);
    await launch.chain.client.setCode({ address: account.address, bytecode });
    const asked = await buy("Ada");
    expect(asked).to.deep.equal(["personal_sign", "eth_sendTransaction", "eth_sendTransaction"]);
  });

  it("one that is a contract (ERC-1271): signed in by its key, approval and purchase", async () => {
    const contract = await deploy("mocks/ContractSigner.sol/ContractSigner", [
      launch.named("Bao").account.address,
    ]);
    await launch.approve(contract);
    const asked = await buy("Bao", { contract });
    expect(asked).to.deep.equal(["personal_sign", "eth_sendTransaction", "eth_sendTransaction"]);
  });
});
