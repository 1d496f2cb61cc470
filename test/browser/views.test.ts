import { expect } from "chai";
import type { Browser } from "playwright-core";
import { encodeFunctionData, type Address } from "viem";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { SaleStats } from "../../src/sdk/indexerApi.ts";
import { newOrderKey } from "../../src/sdk/placeOrder.ts";
import { operatorScopes } from "../../src/sdk/signerApi.ts";
import { createSignerClient } from "../../src/sdk/signerClient.ts";
import { documentDesk, people } from "../support/signedDocuments.ts";
import { inspect } from "./support/inspect.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, UNIT, type Launch } from "./support/startLaunch.ts";
import { focusOf, tabTo } from "./support/tabTo.ts";
import { visit, type Visitor } from "./support/visitor.ts";

describe("the page's other views", function () {
  this.timeout(120_000);
  let launch: Launch;
  let browser: Browser;
  let visitor: Visitor;

  before(async () => {
    [launch, browser] = await Promise.all([startLaunch(), startBrowser()]);
  });
  afterEach(async () => {
    launch.setConfig();
    await visitor.close();
  });
  after(async () => {
    await browser.close();
    await launch.close();
  });

  describe("all launches", () => {
    it("are listed by where they stand, with criteria and reviewers' statements that are checked here", async () => {
      const opensAt = (await launch.chain.now()) + 86_400n;
      const next = await launch.chain.deploySale((terms) => ({
        ...terms,
        token: { ...terms.token, name: "Bravo Network", symbol: "BRAVO" },
        sale: { ...terms.sale, opensAt, closesAt: opensAt + 1_000n, coolingOff: 0n },
      }));
      const forged: Address = "0x1111111111111111111111111111111111111111";
      const desk = documentDesk(launch.record);
      const [criteria, review] = await Promise.all([desk.criteria(), desk.review()]);
      const byStranger = await desk.review({}, people.stranger);
      launch.setConfig({ platform: people.platform.address });
      visitor = await visit(browser, launch);
      const { page } = visitor;
      // Not before the copy is there: what the indexer says of itself until then is no list.
      await page.getByText("Indexer at block").waitFor();
      await page.route(`${launch.indexer.url}/v1/sales`, async (route) => {
        const response = await route.fetch();
        const [own] = (await response.json()) as [SaleStats];
        const { sale, termsHash, startBlock } = next.record;
        const second = { ...own, sale, termsHash, startBlock: Number(startBlock) };
        const json = [own, second, { ...own, sale: forged }];
        await route.fulfill({ response, json });
      });
      await page.route(`${launch.indexer.url}/v1/sales/*/documents`, async (route) => {
        await route.fulfill({
          headers: { "access-control-allow-origin": launch.url },
          json: { profile: null, updates: [], reviews: [review, byStranger], criteria, refused: 0 },
        });
      });
      await page.getByRole("link", { name: "All launches" }).click();
      await visitor.see("launches-open");

      expect(await visitor.text("launches-open"))
        .to.contain("Acme Network")
        .and.to.contain("No problems found")
        .and.to.contain("0 of 250,000 USDC");
      expect(await page.getByTestId("launches-open").locator("details").count()).to.equal(1);
      // The review is about the other one's terms: it does not count for this one.
      expect(await visitor.text("launches-upcoming"))
        .to.contain("Bravo Network")
        .and.to.contain("No reviewer has signed");
      expect(await visitor.text("launches-ended")).to.contain("None.");
      expect(await visitor.text("criteria")).to.contain("What we ask for");
      expect(await visitor.text("launches-hidden"))
        .to.contain("Not shown")
        .and.to.contain("0x111111…1111");
      expect(await inspect(page, "40-launches")).to.deep.equal([]);
      expect(visitor.complaints).to.deep.equal([]);

      await page.getByRole("link", { name: "To this sale" }).click();
      await visitor.see("phase");
    });
  });

  describe("the operator's part", () => {
    const comeIn = async (key: string) => {
      visitor = await visit(browser, launch);
      await visitor.page.getByRole("link", { name: "For operators" }).click();
      await visitor.page.getByLabel("Operator’s key").fill(key);
      await visitor.page.getByRole("button", { name: "Come in" }).click();
    };
    const confirm = async (label: string) => {
      const dialog = visitor.page.getByRole("dialog");
      await dialog.getByRole("button", { name: label, exact: true }).click();
      await dialog.waitFor({ state: "detached" });
    };

    it("lets nobody in without a key", async () => {
      await comeIn(`slipway_${"0".repeat(12)}_${"A".repeat(43)}`);
      await visitor.page.locator("[data-code=operator-key-invalid]").waitFor();
      expect(await inspect(visitor.page, "41-operator-login")).to.deep.equal([]);
    });

    it("shows a key what it may do, and says of the rest that it may not", async () => {
      await comeIn(await launch.operatorKey("stop"));
      await visitor.page.getByTestId("operator-stop").getByText("Selling: who").waitFor();
      for (const part of ["review", "keys", "audit"]) {
        await visitor.page.getByTestId(`operator-${part}`).locator("[data-code=scope-missing]").waitFor();
      }
    });

    it("asks before it decides, and takes the decided out of the queue", async () => {
      await comeIn(await launch.operatorKey(...operatorScopes));
      const { page } = visitor;
      const queue = page.getByTestId("operator-review");
      const hal = queue.getByTestId("person");
      expect(await hal.getAttribute("data-subject")).to.equal("person-Hal");
      const approve = hal.getByRole("button", { name: "Approve" });
      expect(await approve.isDisabled()).to.equal(true);
      await hal.getByLabel("Reason").fill("Papers are in order");
      await approve.click();
      expect(await page.getByRole("dialog").innerText())
        .to.contain("wallets get vouchers")
        .and.to.contain("NZ · public · Reason: “Papers are in order”");
      expect(await inspect(page, "42-operator-asks")).to.deep.equal([]);
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
      expect(await hal.count()).to.equal(1);
      await approve.click();
      await confirm("Approve");
      await queue.getByText("Nobody waits").waitFor();

      await page.getByTestId("operator-audit").getByText("Papers are in order").first().waitFor();
      expect(visitor.complaints).to.deep.equal([]);
    });

    it("shows orders by wallet, with how their vouchers end, why requests were refused, and the log's head", async () => {
      // A voucher that is not used, and another order that is refused for it.
      const { account } = launch.named("Finn");
      const session = await createSignerClient({ url: launch.signer.url }).login({
        ...{ wallet: account.address, chainId: launch.record.chainId, origin: launch.url },
        signMessage: (message) => account.signMessage({ message }),
      });
      const ask = () => session.createOrder(newOrderKey(), { nonce: 0n, cumulativeCap: 100n * UNIT });
      const { order } = await ask();
      await ask().catch(() => undefined);

      await comeIn(await launch.operatorKey(...operatorScopes));
      const { page } = visitor;
      const orders = page.getByTestId("operator-orders");
      await orders.getByText("voucher works until").waitFor();
      await orders.getByLabel("An order or a wallet").fill(launch.named("Ada").account.address);
      await orders.getByRole("button", { name: "Show orders" }).click();
      await orders.getByText("No orders.").waitFor();
      await orders.getByLabel("An order or a wallet").fill("Ada");
      await orders.getByRole("button", { name: "Show orders" }).click();
      await orders.locator("[data-code=field-invalid]").waitFor();
      await orders.getByLabel("An order or a wallet").fill(order.orderId);
      await orders.getByRole("button", { name: "Show orders" }).click();
      await orders.getByText("voucher not used yet").waitFor();
      await orders.getByText("How to end vouchers").click();
      const call = encodeFunctionData({
        ...{ abi: saleAbi, functionName: "invalidate", args: [account.address, 1n] },
      });
      expect(await visitor.text("end-vouchers"))
        .to.contain(launch.record.sale)
        .and.to.contain(call);

      await page.getByTestId("operator-refusals").getByText("order-open").waitFor();
      await page
        .getByTestId("audit-head")
        .getByText(/Head: row \d+, [0-9a-f]{64}/)
        .waitFor();
      expect(await inspect(page, "43-operator")).to.deep.equal([]);
    });

    it("stops the selling with words that buyers read, and goes on", async () => {
      await comeIn(await launch.operatorKey("stop"));
      const { page } = visitor;
      await page.getByLabel("What buyers read").fill("Back at noon");
      await page.getByRole("button", { name: "Stop selling" }).click();
      expect(await page.getByRole("dialog").innerText()).to.contain("Back at noon");
      await confirm("Stop selling");
      await page.getByText("Stopped: nobody").waitFor();

      const buyer = await visit(browser, launch);
      await buyer.page.locator("[data-code=stopped]").waitFor();
      expect(await buyer.page.locator("[data-code=stopped]").innerText()).to.contain("Back at noon");
      await buyer.phaseIs("Stopped");
      expect(await inspect(buyer.page, "44-stopped")).to.deep.equal([]);
      await buyer.close();
      await page.getByRole("button", { name: "Sell again" }).click();
      await confirm("Sell again");
      await page.getByText("Selling:").waitFor();
    });

    it("is worked by keyboard alone: a second Enter does nothing, Escape leads back", async () => {
      visitor = await visit(browser, launch);
      const { page } = visitor;
      const { keyboard } = page;
      await tabTo(page, "For operators");
      await keyboard.press("Enter");
      await page.getByRole("heading", { name: "For operators" }).waitFor();
      expect(await focusOf(page)).to.equal("For operators");
      await tabTo(page, "Operator’s key");
      await keyboard.insertText(await launch.operatorKey("stop"));
      await keyboard.press("Enter");
      await page.getByText("Selling: who").waitFor();
      await tabTo(page, "What buyers read");
      await keyboard.type("Back at one");
      await tabTo(page, "Stop selling");
      await keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      expect(await focusOf(page)).to.equal("Cancel");
      await keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      expect(await focusOf(page)).to.equal("Stop selling…");
      await keyboard.press("Enter");
      await tabTo(page, "Stop selling");
      expect(await inspect(page, "45-stop-asks")).to.deep.equal([]);
      await tabTo(page, "Stop selling");
      await keyboard.press("Enter");
      await page.getByRole("status").filter({ hasText: "Stopped: nobody" }).waitFor();
      await tabTo(page, "Sell again");
      await keyboard.press("Enter");
      await tabTo(page, "Sell again");
      await keyboard.press("Enter");
      await page.getByRole("status").filter({ hasText: "Selling: who" }).waitFor();
      await tabTo(page, "Back to the sale");
      await keyboard.press("Enter");
      await visitor.see("phase");
      expect(await focusOf(page)).to.contain("Acme Network");
    });

    it("raises the limit of a client with a reason, and takes it back", async () => {
      await comeIn(await launch.operatorKey("limits"));
      const { page } = visitor;
      const panel = page.getByTestId("operator-limits");
      await panel.getByText("of a client: 6000; by the policy: 6000").waitFor();
      await panel.getByLabel("Requests a minute from now on").fill("900");
      const set = panel.getByRole("button", { name: "Set the limit" });
      expect(await set.isDisabled()).to.equal(true);
      await panel.getByLabel("Why").fill("A queue before the page");
      await set.click();
      expect(await page.getByRole("dialog").innerText()).to.contain("ask 900 times a minute");
      expect(await inspect(page, "46-limit-asks")).to.deep.equal([]);
      await confirm("Set the limit");
      await panel.getByText("of a client: 900; by the policy: 6000").waitFor();
      await panel.getByText("A queue before the page").waitFor();
      await panel.getByRole("button", { name: "As the policy says" }).click();
      await confirm("As the policy says");
      await panel.getByText("of a client: 6000;").waitFor();
    });

    it("makes a key that is shown once, and revokes it", async () => {
      await comeIn(await launch.operatorKey("keys"));
      const { page } = visitor;
      await page.getByLabel("Whose it is").fill("Nadia");
      await page.getByRole("button", { name: "Make the key" }).click();
      await confirm("Make the key");
      expect(await visitor.text("new-key")).to.match(/^slipway_[0-9a-f]{12}_/);
      const row = page.getByTestId("key").filter({ hasText: "Nadia" });
      await row.getByRole("button", { name: "Revoke" }).click();
      await confirm("Revoke");
      await row.getByText("revoked on").waitFor();
      expect(await inspect(page, "47-keys")).to.deep.equal([]);
    });
  });
});
