import { expect } from "chai";
import type { Browser } from "playwright-core";
import { hardhat } from "viem/chains";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { announceWallet } from "./support/announceWallet.ts";
import { inspect } from "./support/inspect.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, UNIT, type Launch } from "./support/startLaunch.ts";
import { BUY, visit, type Visitor } from "./support/visitor.ts";

/** Each state is looked at by axe, wide and at 360 pixels, light and dark; with SCREENSHOTS=<folder> it is drawn, too. */
describe("every state of the page", function () {
  this.timeout(540_000);
  let browser: Browser;
  let launch: Launch;
  let problems: string[];
  const visitors: Visitor[] = [];
  const enter = async (prepare?: Parameters<typeof visit>[2]): Promise<Visitor> => {
    const visitor = await visit(browser, launch, prepare);
    visitors.push(visitor);
    return visitor;
  };
  const look = async ({ page }: Visitor, state: string): Promise<void> => {
    problems.push(...(await inspect(page, state)));
  };
  const leave = () => Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
  const down = ({ page }: Visitor, url: string) => page.route(`${url}/**`, (route) => route.abort());

  before(async () => {
    browser = await startBrowser();
  });
  beforeEach(() => {
    problems = [];
  });
  afterEach(async () => {
    await leave();
    await launch.close();
  });
  after(() => browser.close());

  it("has no accessibility violation and fits, from the opening to the claim", async () => {
    launch = await startLaunch();
    const stranger = await enter();
    // It lies beside the page, which has fetched and checked it by itself.
    await stranger.page.getByText("This is the document of the terms").waitFor();
    await stranger.see("powers");
    await look(stranger, "01-no-wallet");
    let silent = true;
    await stranger.page.route(`${launch.chain.url}/**`, async (route) => {
      if (!silent) await route.continue();
    });
    await stranger.page.reload();
    await stranger.page.getByText("Reading the sale from the chain").waitFor();
    await look(stranger, "50-loading");
    silent = false;
    await stranger.page.reload();
    await stranger.see("phase");
    await stranger.page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await stranger.page.getByRole("dialog").waitFor();
    await look(stranger, "02-wallets");
    await leave();

    for (const [name, state] of [
      ["Cleo", "03-not-known"],
      ["Dan", "04-country"],
      ["Eve", "05-sanctioned"],
    ] as const) {
      const visitor = await enter();
      await visitor.connect(name);
      await visitor.see("ineligible");
      await look(visitor, state);
    }
    await leave();

    const foreign = await enter({
      prepare: async (page) => {
        const { account } = launch.named("Finn");
        await announceWallet(page, { account, chain: hardhat, rpcUrl: launch.chain.url, chainId: 1 });
      },
    });
    await foreign.connect("Test Extension");
    await foreign.page.getByRole("button", { name: "Switch the wallet" }).waitFor();
    await look(foreign, "06-wrong-chain");
    await foreign.page.getByRole("button", { name: "Switch the wallet" }).click();
    await foreign.page.getByRole("button", { name: "Sign in" }).waitFor();
    await look(foreign, "07-sign-in");
    await leave();

    const gia = await enter();
    await gia.connect("Gia");
    await gia.order("100");
    await gia.see("receipt");
    await gia.page.getByRole("button", { name: "Buy more" }).click();
    await gia.see("ineligible");
    await look(gia, "29-cap-reached");
    await leave();

    const ada = await enter();
    await ada.connect("Ada");
    await ada.see("eligible");
    await look(ada, "08-eligible");
    await ada.page.getByLabel("You pay").fill("99");
    await look(ada, "09-amount-refused");
    await ada.page.getByLabel("You pay").fill("1200.50");
    await look(ada, "10-amount");
    let stuck = true;
    await ada.page.route(`${launch.chain.url}/**`, async (route) => {
      const held = stuck && (route.request().postData() ?? "").includes("eth_sendRawTransaction");
      if (!held) await route.continue();
    });
    await ada.page.getByRole("button", { name: BUY }).click();
    await ada.page.getByText("Confirm the purchase in your wallet").waitFor();
    await look(ada, "11-under-way");
    await ada.page.reload();
    await ada.page.getByRole("button", { name: "Continue" }).waitFor();
    await look(ada, "12-interrupted");
    // Not before: a request that the page repeats as it leaves would still go through.
    stuck = false;
    await ada.page.getByRole("button", { name: "Continue" }).click();
    await ada.see("receipt");
    await look(ada, "13-receipt");
    await ada.page.getByRole("button", { name: "Buy more" }).click();
    await ada.see("eligible");
    await look(ada, "14-position");
    await down(ada, launch.signer.url);
    await ada.page.reload();
    await ada.page.getByText("Signer: no answer").waitFor();
    await look(ada, "15-signer-down");
    await down(ada, launch.indexer.url);
    await ada.page.reload();
    await ada.page.getByText("Indexer: no answer").waitFor();
    await look(ada, "16-signer-and-indexer-down");
    await down(ada, launch.chain.url);
    await ada.page.getByText("The chain does not answer").waitFor();
    await look(ada, "17-chain-down");
    await leave();

    launch.setConfig({ termsHash: `0x${"00".repeat(32)}` });
    const wary = await enter();
    await wary.page.locator("[data-code=terms-mismatch]").waitFor();
    await look(wary, "18-terms-differ");
    launch.setConfig();
    await leave();

    const { client, deployer } = launch.chain;
    await client.writeContract({
      ...{ address: launch.record.sale, abi: saleAbi, functionName: "pause", args: [3_600n] },
      account: deployer,
    } as const);
    const bao = await enter();
    await bao.connect("Bao");
    await bao.page.getByText("Purchases are paused").waitFor();
    await bao.phaseIs("Paused");
    await look(bao, "19-paused");
    await launch.chain.moveTo((await launch.chain.now()) + 3_601n);
    await bao.order("12000");
    await bao.see("receipt");

    await launch.chain.moveTo(launch.record.terms.sale.closesAt);
    await bao.phaseIs("Closed");
    await look(bao, "20-closed");
    await bao.page.getByRole("button", { name: "Finalise" }).click();
    await bao.phaseIs("Succeeded");
    await look(bao, "21-succeeded");
    await bao.page.getByRole("button", { name: "Move time past the listing delay, and list" }).click();
    await bao.phaseIs("Listed");
    await bao.page.getByRole("button", { name: "Claim" }).waitFor();
    await look(bao, "22-listed");
    const tables = bao.page.locator(".chart details");
    // What comes free for the buyer, what was raised, and what comes free by group.
    expect(await tables.count()).to.equal(3);
    await tables.evaluateAll((all) => {
      for (const each of all) (each as HTMLDetailsElement).open = true;
    });
    const money = bao.page.getByRole("region", { name: "Money in the sale over time" });
    expect(await money.innerText()).to.match(/^When\tRaised\n[^]*\t13\.3k USDC$/i);
    await look(bao, "22-listed-tables");
    expect(problems).to.deep.equal([]);
  });

  it("has no accessibility violation and fits, before the opening", async () => {
    launch = await startLaunch({ opensIn: 86_400n });
    const visitor = await enter();
    await visitor.phaseIs("Opens soon");
    await visitor.page.getByText("There is nothing to do before").waitFor();
    await visitor.see("powers");
    await look(visitor, "54-not-open");
    await visitor.page.getByRole("button", { name: "Move time to the opening" }).click();
    await visitor.phaseIs("Open");
    expect(problems).to.deep.equal([]);
  });

  it("has no accessibility violation and fits, from sold out to the refund", async () => {
    launch = await startLaunch({ sale: { hardCap: 20_000n * UNIT } });
    const ada = await enter();
    await ada.connect("Ada");
    await ada.order("20000");
    await ada.see("receipt");
    const stranger = await enter();
    await stranger.phaseIs("Sold out");
    await look(stranger, "23-sold-out");

    for (const [status, state] of [
      ["syncing", "26-indexer-behind"],
      ["quarantined", "27-indexer-quarantined"],
    ] as const) {
      const watcher = await enter({
        prepare: (page) => launch.pretendStats(page, { status }),
      });
      await watcher.page.locator("[data-service=indexer]").getByText("buyers and charts are").waitFor();
      await watcher.see("powers");
      await look(watcher, state);
    }
    const offline = await enter();
    await offline.see("powers");
    await offline.page.context().setOffline(true);
    await offline.page.getByText("Nothing can be bought or taken out until the chain answers").waitFor();
    for (const words of ["Signer: no answer.", "Indexer: no answer."]) {
      await offline.page.getByText(words, { exact: true }).waitFor();
    }
    await look(offline, "28-offline");

    await ada.page.getByRole("button", { name: "Withdraw" }).click();
    await launch.untilPosition(launch.named("Ada").account.address, { paid: 0n });
    const bao = await enter();
    await bao.connect("Bao");
    await bao.order("500");
    await bao.see("receipt");
    await launch.chain.moveTo(launch.record.terms.sale.closesAt);
    await bao.phaseIs("Failed");
    await bao.page.getByRole("button", { name: "Take my money back" }).waitFor();
    await bao.page.getByText("did not reach its goal").waitFor();
    expect(await bao.text("receipt")).to.contain("these tokens do not come");
    await look(bao, "24-failed");
    await bao.page.getByRole("button", { name: "Take my money back" }).click();
    await launch.untilPosition(launch.named("Bao").account.address, { paid: 0n });
    await bao.page.getByRole("button", { name: "Take my money back" }).waitFor({ state: "detached" });
    await look(bao, "25-refunded");
    expect(problems).to.deep.equal([]);
  });
});
