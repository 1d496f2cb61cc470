import { expect } from "chai";
import type { Browser } from "playwright-core";
import { hardhat } from "viem/chains";
import { announceWallet } from "./support/announceWallet.ts";
import { inspect } from "./support/inspect.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, UNIT, type Launch } from "./support/startLaunch.ts";
import { tabTo } from "./support/tabTo.ts";
import { BUY, visit, type Visitor } from "./support/visitor.ts";

describe("buying on the page", function () {
  this.timeout(90_000);
  let launch: Launch;
  let browser: Browser;
  const visitors: Visitor[] = [];
  const enter: (...args: DropFirstTwo<Parameters<typeof visit>>) => Promise<Visitor> = async (...args) => {
    const visitor = await visit(browser, launch, ...args);
    visitors.push(visitor);
    return visitor;
  };

  before(async () => {
    [launch, browser] = await Promise.all([startLaunch(), startBrowser()]);
  });
  afterEach(async () => {
    await Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
  });
  after(async () => {
    await browser.close();
    await launch.close();
  });

  it("takes a persona from the first click to a receipt, and shows the position", async () => {
    const ada = launch.named("Ada").account.address;
    const visitor = await enter();
    await visitor.connect("Ada");
    await visitor.order("1200.50");
    await visitor.see("receipt");

    // 1,200.50 USDC at 0.05 each.
    expect(await visitor.text("receipt")).to.contain("Bought 24,010 ACME for 1,200.50 USDC");
    await visitor.page.getByTestId("position").getByText("Paid into the sale").waitFor();
    const position = await visitor.text("position");
    expect(position)
      .to.contain("1,200.50 USDC")
      .and.to.contain("24,010 ACME")
      .and.to.contain("58,799.50 USDC");
    expect(await launch.positionOf(ada)).to.deep.equal({ paid: 1_200_500_000n, claimed: 0n, nonce: 1n });

    const transaction = (await visitor.text("transaction")) as `0x${string}`;
    const receipt = await launch.chain.client.getTransactionReceipt({ hash: transaction });
    const orderId = await visitor.text("order-id");
    expect(receipt.logs.flatMap((log) => log.topics)).to.include(orderId);

    // Anybody with its address sees the same, from the chain: without a wallet, the first entry of the history.
    const address = await visitor.page.getByTestId("receipt-link").getAttribute("href");
    const other = await enter();
    await other.page.goto(`${launch.url}/${address ?? ""}`);
    await other.page.getByText("its entry 1").waitFor();
    expect(await other.text("order"))
      .to.contain("Bought 24,010 ACME for 1,200.50 USDC")
      .and.to.contain(ada)
      .and.to.contain(transaction);
    expect(await inspect(other.page, "48-order")).to.deep.equal([]);
    await other.page.goto(`${launch.url}/#/orders/0x${"1".repeat(64)}`);
    await other.page.getByText("has no purchase with this order").waitFor();

    expect(visitor.complaints).to.deep.equal([]);
    const own = [launch.url, launch.chain.url, launch.signer.url, launch.indexer.url].sort();
    expect([...visitor.origins].sort()).to.deep.equal(own);
  });

  for (const [name, code] of [
    ["Cleo", "kyc-missing"],
    ["Dan", "country-denied"],
    ["Eve", "wallet-sanctioned"],
  ] as const) {
    it(`tells ${name} why not (${code}), and asks for nothing`, async () => {
      const visitor = await enter();
      await visitor.connect(name);
      await visitor.see("ineligible");
      expect(await visitor.page.getByTestId("ineligible").getAttribute("data-code")).to.equal(code);
      expect(await visitor.page.getByRole("button", { name: BUY }).count()).to.equal(0);
    });
  }

  it("tells Gia that her limit is used up once it is, and asks for nothing", async () => {
    const visitor = await enter();
    await visitor.connect("Gia");
    await visitor.order("100");
    await visitor.see("receipt");
    await visitor.page.getByRole("button", { name: "Buy more" }).click();
    await visitor.see("ineligible");
    expect(await visitor.page.getByTestId("ineligible").getAttribute("data-code")).to.equal(
      "person-cap-exceeded",
    );
    expect(await visitor.text("ineligible"))
      .to.contain("You cannot buy more.")
      .and.to.contain("all that one person may buy");
    expect(await visitor.page.getByRole("button", { name: BUY }).count()).to.equal(0);
  });

  it("finds a purchase again that was sent when the page was reloaded, and buys once", async () => {
    const finn = launch.named("Finn").account.address;
    const visitor = await enter();
    await visitor.connect("Finn");

    // The node takes the purchase; the page never hears of it.
    let sent = 0;
    await visitor.page.route(`${launch.chain.url}/**`, async (route) => {
      const body = route.request().postData() ?? "";
      if (!body.includes("eth_sendRawTransaction")) return route.continue();
      sent += 1;
      await route.fetch();
      return undefined;
    });
    await visitor.order("500");
    await launch.untilPosition(finn, { paid: 500n * UNIT });
    await visitor.page.unrouteAll({ behavior: "ignoreErrors" });
    await visitor.page.reload();

    await visitor.see("receipt");
    expect(await visitor.text("receipt")).to.contain("500 USDC");
    expect(await launch.positionOf(finn)).to.deep.equal({ paid: 500n * UNIT, claimed: 0n, nonce: 1n });
    expect(sent).to.equal(1);
  });

  it("goes on with an order that a reload interrupted before it was sent", async () => {
    const bao = launch.named("Bao").account.address;
    const visitor = await enter();
    await visitor.connect("Bao");
    await visitor.page.getByTestId("eligible").waitFor();
    await visitor.page.route(`${launch.signer.url}/v1/orders`, (route) => route.abort());
    await visitor.order("700");
    await visitor.page.getByRole("alert").waitFor();
    expect(await visitor.text("pending-order")).to.contain("You can discard this");
    const before = await storedOrder(visitor);
    await visitor.page.unrouteAll({ behavior: "ignoreErrors" });
    await visitor.page.reload();

    await visitor.page.getByRole("button", { name: "Continue" }).click();
    await visitor.see("receipt");
    expect(await visitor.text("order-id")).to.equal(before.orderId);
    expect((await launch.positionOf(bao)).paid).to.equal(700n * UNIT);

    // And withdraws, straight from the chain.
    await visitor.page.getByRole("button", { name: "Withdraw everything" }).click();
    await launch.untilPosition(bao, { paid: 0n });
  });

  it("sells to a wallet extension that declines to sign the payment: by an exact approval then", async () => {
    const { account } = launch.named("Ada");
    const before = (await launch.positionOf(account.address)).paid;
    let wallet: Awaited<ReturnType<typeof announceWallet>> | undefined;
    const visitor = await enter({
      prepare: async (page) => {
        wallet = await announceWallet(page, { account, chain: hardhat, rpcUrl: launch.chain.url });
      },
    });
    await visitor.connect("Test Extension");
    await visitor.page.getByRole("button", { name: "Sign in" }).click();
    await visitor.page.getByTestId("eligible").waitFor();

    // Declined once: nothing is lost, and nothing is sent.
    wallet?.refuse();
    await visitor.order("300");
    await visitor.page.locator("[data-code=wallet-rejected]").waitFor();
    expect((await launch.positionOf(account.address)).paid).to.equal(before);
    await visitor.page.getByRole("button", { name: "Continue" }).click();
    await visitor.see("receipt");

    expect((await launch.positionOf(account.address)).paid).to.equal(before + 300n * UNIT);

    // A reload keeps wallet, session and receipt: nobody is asked again.
    await visitor.page.reload();
    await visitor.see("receipt");
    await visitor.page.getByRole("button", { name: "Buy more" }).click();
    await visitor.page.getByTestId("eligible").waitFor();
    expect(wallet?.asked).to.deep.equal([
      ...["personal_sign", "eth_signTypedData_v4"],
      ...["eth_sendTransaction", "eth_sendTransaction"],
    ]);
  });

  it("moves within five seconds of a purchase elsewhere, without a wallet", async () => {
    const watcher = await enter();
    const before = await watcher.text("raised");
    const shares = await watcher.text("concentration");
    const visitor = await enter();
    await visitor.connect("Finn");
    // The receipt of an earlier purchase may stand there.
    await visitor.order("250");
    await visitor.see("receipt");
    const start = Date.now();
    for (const [part, old] of [
      ["raised", before],
      // From the indexer's copy, which stands beside it.
      ["concentration", shares],
    ] as const) {
      await watcher.page.waitForFunction(
        ([id, words]) => document.querySelector<HTMLElement>(`[data-testid=${id}]`)?.innerText !== words,
        [part, old] as const,
        { timeout: 5_000 },
      );
    }
    expect(Date.now() - start).to.be.below(5_000);

    // Without a wallet: where every unit is, and who may do what.
    const raised = (await watcher.text("raised")).trim();
    await watcher.page.getByTestId("funds").getByText(raised).waitFor();
    expect(await watcher.text("powers")).to.contain("calls the sale off");
    await watcher.page.getByTestId("concentration").getByText("The largest position").waitFor();
    // Its record names nobody, so nothing is said of whom it names.
    expect(await watcher.text("concentration")).not.to.contain("None of the addresses");
    await watcher.page.getByText("at the listing alone: 2 %.").waitFor();
  });

  it("refuses amounts before anybody is asked to sign", async () => {
    const visitor = await enter();
    await visitor.connect("Bao");
    await visitor.page.getByTestId("eligible").waitFor();
    const field = visitor.page.getByLabel("You pay");
    const buy = visitor.page.getByRole("button", { name: BUY });
    for (const [text, words] of [
      ["99", "Enter at least 100 USDC"],
      ["20000.000001", "Your limit leaves 20,000 USDC"],
      ["1,000", "Enter digits"],
      ["0.0000001", "At most 6 decimals"],
    ] as const) {
      await field.fill(text);
      await visitor.page.getByText(words).waitFor();
      expect(await buy.isDisabled(), text).to.equal(true);
    }
  });

  it("shows what an amount leaves out, to whoever asks", async () => {
    const visitor = await enter();
    await visitor.connect("Bao");
    await visitor.order("100.123456");
    await visitor.see("receipt");
    const amount = visitor.page.getByTestId("position").getByRole("button", { name: "100.12 USDC" }).first();
    await amount.press("Enter");
    await visitor.page.getByTestId("position").getByText("100.123456 USDC").first().waitFor();
  });

  it("works by keyboard alone", async () => {
    const { account } = launch.named("Bao");
    const before = (await launch.positionOf(account.address)).paid;
    const visitor = await enter();
    const { keyboard } = visitor.page;
    await tabTo(visitor.page, "Connect wallet");
    await keyboard.press("Enter");
    await tabTo(visitor.page, "Bao");
    await keyboard.press("Enter");
    await visitor.page.getByTestId("eligible").waitFor();
    await tabTo(visitor.page, "You pay");
    await keyboard.type("150");
    await keyboard.press("Enter");
    await visitor.see("receipt");
    expect((await launch.positionOf(account.address)).paid).to.equal(before + 150n * UNIT);
  });

  it("fits 360 pixels, in the dark as well", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const visitor = await enter({ options: { viewport: { width: 360, height: 740 }, colorScheme } });
      await visitor.connect("Dan");
      await visitor.see("ineligible");
      const width = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).to.equal(360);
    }
  });
});

type DropFirstTwo<T extends readonly unknown[]> = T extends readonly [unknown, unknown, ...infer Rest]
  ? Rest
  : never;

async function storedOrder({ page }: Visitor): Promise<{ orderId: string }> {
  const text = await page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("slipway:order:"));
    return localStorage.getItem(key ?? "");
  });
  return JSON.parse(text ?? "null") as { orderId: string };
}
