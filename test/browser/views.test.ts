import { expect } from "chai";
import type { Browser } from "playwright-core";
import type { Address } from "viem";
import type { SaleStats } from "../../src/sdk/indexerApi.ts";
import { documentDesk, people } from "../support/signedDocuments.ts";
import { inspect } from "./support/inspect.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, type Launch } from "./support/startLaunch.ts";
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
      visitor = await visit(browser, launch, {
        prepare: async (page) => {
          await page.route(`${launch.indexer.url}/v1/sales`, async (route) => {
            const response = await route.fetch();
            const [own] = (await response.json()) as [SaleStats];
            const { sale, termsHash } = next.record;
            const json = [own, { ...own, sale, termsHash }, { ...own, sale: forged }];
            await route.fulfill({ response, json });
          });
          await page.route(`${launch.indexer.url}/v1/sales/*/documents`, async (route) => {
            await route.fulfill({
              headers: { "access-control-allow-origin": launch.url },
              json: { profile: null, updates: [], reviews: [review, byStranger], criteria, refused: 0 },
            });
          });
        },
      });
      const { page } = visitor;
      await page.getByRole("link", { name: "All launches" }).click();
      await visitor.see("launches-open");

      expect(await visitor.text("launches-open"))
        .to.contain("Acme Network")
        .and.to.contain("Nothing found");
      expect(await page.getByTestId("launches-open").locator("details").count()).to.equal(1);
      // The review is about the other one's terms: it does not count for this one.
      expect(await visitor.text("launches-upcoming"))
        .to.contain("Bravo Network")
        .and.to.contain("No reviewer has signed");
      expect(await visitor.text("launches-ended")).to.contain("None.");
      expect(await visitor.text("criteria")).to.contain("What we ask for");
      expect(await visitor.text("launches")).to.contain("One more is not shown");
      expect(await inspect(page, "40-launches")).to.deep.equal([]);
      expect(visitor.complaints).to.deep.equal([]);

      await page.getByRole("link", { name: "To this sale" }).click();
      await visitor.see("phase");
    });
  });
});
