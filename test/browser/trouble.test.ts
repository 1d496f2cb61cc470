import { expect } from "chai";
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { readPool } from "../../src/sdk/readPool.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { PAPER, startLaunch, UNIT, type Launch } from "./support/startLaunch.ts";
import { visit, type Visitor } from "./support/visitor.ts";

describe("the page in trouble, and to the end of a sale", function () {
  this.timeout(90_000);
  let launch: Launch;
  let browser: Browser;
  let visitor: Visitor;

  before(async () => {
    [launch, browser] = await Promise.all([
      startLaunch({ paperUri: "https://issuer.example/paper" }),
      startBrowser(),
    ]);
  });
  afterEach(async () => {
    launch.setConfig();
    await visitor.close();
  });
  after(async () => {
    await browser.close();
    await launch.close();
  });

  it("does not sell where page and chain name different terms", async () => {
    launch.setConfig({ termsHash: `0x${"00".repeat(32)}` });
    visitor = await visit(browser, launch);
    const notice = visitor.page.locator("[data-code=terms-mismatch]");
    await notice.getByText("connect your wallet").waitFor();
    await visitor.phaseIs("Not sold here");
    await visitor.page.getByText("✗ page").waitFor();
    await visitor.connect("Ada");
    await visitor.see("position");
    await notice.getByText("position below").waitFor();
    expect(await visitor.page.getByText("Nothing is sold here").count()).to.equal(1);
    expect(await visitor.page.getByTestId("eligible").count()).to.equal(0);
  });

  it("checks a copy of the white paper in the browser, and asks nobody for it", async () => {
    visitor = await visit(browser, launch);
    const choose = visitor.page.getByLabel("Check a copy that you have");
    await choose.setInputFiles({ name: "p", mimeType: "text/plain", buffer: Buffer.from("another") });
    await visitor.page.getByText("not the document of the terms").waitFor();
    await choose.setInputFiles({ name: "p", mimeType: "text/plain", buffer: Buffer.from(PAPER) });
    await visitor.page.getByText("This is the document of the terms").waitFor();
    expect(visitor.complaints).to.deep.equal([]);
    const services = [launch.chain.url, launch.signer.url, launch.indexer.url];
    expect(
      [...visitor.origins].filter((origin) => ![launch.url, ...services].includes(origin)),
    ).to.deep.equal([]);
  });

  it("does not sell where the signer serves another launch", async () => {
    visitor = await visit(browser, launch, {
      prepare: async (page) => {
        await page.route(`${launch.signer.url}/v1/launch`, async (route) => {
          const response = await route.fetch();
          const body = (await response.json()) as Record<string, unknown>;
          await route.fulfill({ response, json: { ...body, termsHash: `0x${"00".repeat(32)}` } });
        });
      },
    });
    await visitor.page.locator("[data-code=terms-mismatch]").waitFor();
    expect(await visitor.page.getByText("Nothing is sold here").count()).to.equal(1);
    for (const words of ["✗ page", "✓ chain", "✗ signer"]) await visitor.page.getByText(words).waitFor();
  });

  it("names the place of the identity check, where it is told one, to who has not passed it", async () => {
    launch.setConfig({ identityUrl: "https://check.example/acme" });
    visitor = await visit(browser, launch);
    await visitor.connect("Cleo");
    const link = visitor.page.getByTestId("ineligible").getByRole("link", { name: "check.example" });
    expect(await link.getAttribute("href")).to.equal("https://check.example/acme");
  });

  it("says that the signer is not ready, and does not sell", async () => {
    visitor = await visit(browser, launch, {
      prepare: async (page) => {
        await page.route(`${launch.signer.url}/readyz`, (route) =>
          route.fulfill({
            status: 503,
            headers: { "access-control-allow-origin": launch.url },
            json: { ready: false, checks: [{ name: "chain", ok: false, wayOut: "Wait for the chain." }] },
          }),
        );
      },
    });
    await visitor.page.locator("[data-code=signer-not-ready]").waitFor();
  });

  it("shows the position, and lets it be withdrawn, with signer and indexer down", async () => {
    const { account } = launch.named("Bao");
    visitor = await visit(browser, launch);
    await visitor.connect("Bao");
    await visitor.order("400");
    await visitor.see("receipt");

    for (const url of [launch.signer.url, launch.indexer.url]) {
      await visitor.page.route(`${url}/**`, (route) => route.abort());
    }
    await visitor.page.reload();
    await visitor.page.getByText("Signer: no answer").waitFor();
    await visitor.page.getByText("Indexer: no answer").waitFor();
    expect(await visitor.text("raised")).to.contain("400");
    await visitor.page.getByRole("button", { name: "Withdraw everything" }).click();
    await launch.untilPosition(account.address, { paid: 0n });
  });

  it("says that the chain is silent instead of showing nothing", async () => {
    visitor = await visit(browser, launch);
    await visitor.page.route(`${launch.chain.url}/**`, (route) => route.abort());
    await visitor.page.locator("[data-code=rpc-unreachable]").waitFor();
    expect(await visitor.page.getByRole("heading", { level: 1 }).innerText()).to.contain("Acme Network");
  });

  // Last: it ends the sale.
  it("moves time to the close, finalises, lists on Uniswap v4 and claims", async () => {
    const { account } = launch.named("Ada");
    visitor = await visit(browser, launch);
    await visitor.connect("Ada");
    await visitor.order("12000");
    await visitor.see("receipt");

    await visitor.page.getByRole("button", { name: "Move time to the close" }).click();
    await visitor.phaseIs("Succeeded");
    await visitor.page.getByRole("button", { name: "Move time past the listing delay, and list" }).click();
    await visitor.phaseIs("Listed");
    // 12,000 USDC bought 240,000; 40 % of the raise less 2 % went into the pool at the same price, 3 million into vesting.
    await visitor.page.getByTestId("pool-price").getByText("365 days").waitFor();
    expect(await visitor.text("tokens-now"))
      .to.contain("240,000 ACME")
      .and.to.contain("3,000,000 ACME");
    expect(await visitor.text("unlocks"))
      .to.contain("ecosystem")
      .and.to.contain("Buyers");
    expect(await visitor.text("powers")).to.contain("Can end the allocation “team”");
    const { client } = launch.chain;
    const { sale, token, currency, terms } = launch.record;
    const [listed] = await client.getContractEvents({
      ...{ address: sale, abi: saleAbi, eventName: "Listed", fromBlock: 0n },
    });
    // 40 % of 12,000 USDC less 2 %, at the price of the sale.
    expect(listed?.args.poolCurrency).to.equal(4_704n * UNIT);
    const { price } = await readPool(client, {
      listing: terms.listing,
      token,
      currency,
      id: listed!.args.id!,
    });
    // Cut to whole billionths; the root of a v4 price has 96 bits after the point.
    const billionths = (price.tokenUnits * 10n ** 9n) / (price.currencyUnits * 20n * 10n ** 12n);
    expect(billionths).to.be.oneOf([10n ** 9n - 1n, 10n ** 9n]);
    await visitor.page.getByRole("button", { name: "Claim tokens" }).click();
    // A quarter of 12,000 USDC is released at the listing.
    await launch.untilPosition(account.address, { paid: 12_000n * UNIT, claimed: 3_000n * UNIT });
    const [calendar] = await Promise.all([
      visitor.page.waitForEvent("download"),
      visitor.page.getByRole("button", { name: "Unlock calendar" }).click(),
    ]);
    const events = (await readFile(await calendar.path(), "utf8")).match(/^SUMMARY:.*$/gm) ?? [];
    // A quarter of 240,000 at the listing, the rest in six steps.
    expect(events.length).to.equal(7);
    expect(events[0]).to.contain("60\\,000 ACME");
    expect(events[6]).to.contain("240\\,000 ACME");
    await visitor.page.getByRole("button", { name: "Move time on by 30 days" }).click();
    await visitor.page.getByRole("button", { name: "Claim tokens" }).waitFor();
    expect(visitor.complaints).to.deep.equal([]);
  });
});

describe("the page while nothing can be bought", function () {
  this.timeout(90_000);
  let launch: Launch;
  let browser: Browser;
  let visitor: Visitor;

  before(async () => {
    [launch, browser] = await Promise.all([startLaunch({ sale: { softCap: 500n * UNIT } }), startBrowser()]);
  });
  afterEach(() => visitor.close());
  after(async () => {
    await browser.close();
    await launch.close();
  });

  it("keeps a payment on its way in sight, and its receipt, while nothing can be bought", async () => {
    const { client, deployer } = launch.chain;
    const { account } = launch.named("Finn");
    visitor = await visit(browser, launch);
    const { page } = visitor;
    await visitor.connect("Finn");
    await client.setAutomine(false);
    await visitor.order("300");
    await page.getByText("Waiting until the purchase is in a block").waitFor();
    expect(await visitor.text("pending-order")).to.contain("on its way to the sale contract");

    await page.route(`${launch.signer.url}/**`, (route) => route.abort());
    await page.reload();
    await page.locator("[data-code=signer-unreachable]").waitFor();
    expect(await visitor.text("pending-order")).to.contain("300 USDC");
    await client.setAutomine(true);
    await client.mine({ blocks: 1 });
    await page.getByRole("button", { name: "Continue" }).click();
    await visitor.see("receipt");
    expect(await page.locator("[data-code=signer-unreachable]").count()).to.equal(1);
    await launch.untilPosition(account.address, { paid: 300n * UNIT });

    await page.unrouteAll({ behavior: "ignoreErrors" });
    await client.writeContract({
      ...{ address: launch.record.sale, abi: saleAbi, functionName: "pause", args: [600n] },
      account: deployer,
    } as const);
    await page.reload();
    await page.getByText("Purchases are paused").waitFor();
    expect(await visitor.text("receipt")).to.contain("300 USDC");
    await launch.chain.moveTo((await launch.chain.now()) + 601n);
  });

  it("keeps an order that was not sent in sight while nothing can be bought, to be discarded", async () => {
    visitor = await visit(browser, launch);
    const { page } = visitor;
    await visitor.connect("Finn");
    await page.getByTestId("eligible").waitFor();
    await page.route(`${launch.signer.url}/**`, (route) => route.abort());
    await visitor.order("200");
    await page.getByTestId("pending-order").getByRole("alert").waitFor();
    await page.reload();
    const pending = page.getByTestId("pending-order");
    await page.locator("[data-code=signer-unreachable]").waitFor();
    await pending.waitFor();
    expect(await page.locator("[data-code=signer-unreachable]").count()).to.equal(1);
    expect(await pending.getByRole("button", { name: "Continue" }).count()).to.equal(0);
    await pending.getByRole("button", { name: "Discard" }).click();
    await pending.waitFor({ state: "detached" });
  });

  it("says nothing that works only with the chain once that is silent, too", async () => {
    visitor = await visit(browser, launch);
    const { page } = visitor;
    await visitor.connect("Ada");
    await visitor.order("100");
    await visitor.see("receipt");
    for (const url of [launch.signer.url, launch.indexer.url, launch.chain.url]) {
      await page.route(`${url}/**`, (route) => route.abort());
    }
    await page.getByText("Nothing can be bought or taken out until the chain answers").waitFor();
    await page.getByText("? chain").waitFor();
    expect(await page.getByRole("button", { name: "Withdraw everything" }).isDisabled()).to.equal(true);
    await page.getByText("Signer: no answer.", { exact: true }).waitFor();
    await page.getByText("Indexer: no answer.", { exact: true }).waitFor();
    await page.getByText("? signer").waitFor();
  });

  for (const [status, words] of [
    ["syncing", "The indexer is catching up: buyers and charts are behind."],
    ["quarantined", "is set aside: buyers and charts are missing."],
  ] as const) {
    it(`shows no buyers of a copy that is ${status}`, async () => {
      visitor = await visit(browser, launch, {
        prepare: (page) => launch.pretendStats(page, { status }),
      });
      const said = visitor.page.locator("[data-service=indexer]").filter({ hasText: words });
      await said.waitFor();
      expect(await said.getAttribute("class")).to.equal(status === "syncing" ? "quiet" : "bad");
      expect(await visitor.text("buyers")).to.equal("…");
    });
  }

  // Last: it ends the sale.
  it("says that a sale was called off, and not that it missed its goal", async () => {
    visitor = await visit(browser, launch);
    await visitor.connect("Bao");
    await visitor.order("500");
    await visitor.see("receipt");
    const { client, deployer } = launch.chain;
    await client.writeContract({
      ...{ address: launch.record.sale, abi: saleAbi, functionName: "declareFailed" },
      account: deployer,
    } as const);
    await visitor.phaseIs("Failed");
    await visitor.page.getByText("was called off, or not listed in time").waitFor();
    expect(await visitor.text("receipt")).to.contain("these tokens do not come");
  });
});
