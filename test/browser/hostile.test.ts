import { expect } from "chai";
import type { Browser } from "playwright-core";
import { mnemonicToAccount } from "viem/accounts";
import { signDocument } from "../../src/sdk/documents/signDocument.ts";
import { documentDesk } from "../support/signedDocuments.ts";
import { inspect } from "./support/inspect.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, type Launch } from "./support/startLaunch.ts";
import { visit, type Visitor } from "./support/visitor.ts";

const markup = "<img src=x onerror=alert(1)>";
/** Turns what follows around, for the eye. */
const backwards = "\u202e";

describe("hostile texts from outside", function () {
  this.timeout(120_000);
  let launch: Launch;
  let browser: Browser;
  let visitor: Visitor;

  before(async () => {
    // A token's name has 31 bytes at most; its symbol has no end.
    const name = `${backwards}${markup}`;
    const symbol = `<b>${"W".repeat(60)}`;
    [launch, browser] = await Promise.all([startLaunch({ name, symbol }), startBrowser()]);
  });
  afterEach(() => visitor.close());
  after(async () => {
    await browser.close();
    await launch.close();
  });

  it("shows a token's name and symbol as the text they are, and still fits", async () => {
    visitor = await visit(browser, launch);
    const { page } = visitor;
    const heading = page.getByRole("heading", { level: 1 });
    expect(await heading.innerText())
      .to.contain(markup)
      .and.to.contain("<b>WWW");
    expect(await heading.locator("img, script, b").count()).to.equal(0);
    // An attempt to run something would have been stopped, and reported, by the policy.
    expect(visitor.complaints).to.deep.equal([]);
    expect(await inspect(page, "26-hostile")).to.deep.equal([]);
  });

  it("keeps a name that reads backwards from turning anything beside it around", async () => {
    visitor = await visit(browser, launch);
    const isolation = await visitor.page
      .getByText(markup.slice(0, 12))
      .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).unicodeBidi));
    expect(isolation).not.to.deep.equal([]);
    for (const value of isolation) expect(value).to.match(/isolate|plaintext/);
  });

  it("shows what the signer answers as text, and no more of it than is readable", async () => {
    visitor = await visit(browser, launch, {
      prepare: async (page) => {
        await page.route(`${launch.signer.url}/v1/eligibility`, async (route) => {
          const response = await route.fetch();
          const body = (await response.json()) as Record<string, unknown>;
          const json = {
            ...body,
            eligible: false,
            code: "kyc-missing",
            detail: markup.repeat(40),
            wayOut: markup,
          };
          await route.fulfill({ response, json });
        });
      },
    });
    await visitor.connect("Ada");
    await visitor.see("ineligible");
    expect(await visitor.page.getByTestId("ineligible").locator("img, script").count()).to.equal(0);
    expect(await inspect(visitor.page, "27-hostile-signer")).to.deep.equal([]);
    expect(visitor.complaints).to.deep.equal([]);
  });

  it("shows what the issuer signed as text, and not what the indexer made of it", async () => {
    // The first account deploys in tests, and is treasury and owner.
    const issuer = mnemonicToAccount("test test test test test test test test test test test junk");
    const desk = documentDesk(launch.record);
    const texts = [{ language: "en", title: `${backwards}${markup}`, body: `${markup}\n${"W".repeat(400)}` }];
    const links = [{ label: "https://bank.example", uri: "https://evil.example/x" }];
    const profile = await signDocument(await desk.profile({ texts, links }), issuer);
    const update = await signDocument(await desk.update(undefined, { texts }), issuer);
    const made = await desk.profile({ version: 2 });
    visitor = await visit(browser, launch, {
      prepare: async (page) => {
        await page.route(`${launch.indexer.url}/v1/sales/*/documents`, async (route) => {
          const response = await route.fetch();
          await route.fulfill({
            response,
            json: { profile, updates: [update], reviews: [made], criteria: null },
          });
        });
      },
    });
    await visitor.see("updates");
    const documents = visitor.page.getByTestId("documents");
    expect(await documents.innerText())
      .to.contain(markup)
      .and.to.contain("evil.example");
    expect(await documents.locator("img, script, b").count()).to.equal(0);
    expect(await visitor.text("documents-hidden")).to.match(/: 1$/);
    expect(await visitor.page.getByRole("link", { name: "Feed (RSS)" }).getAttribute("href")).to.contain(
      `${launch.record.sale}/updates.rss?language=en`,
    );
    expect(visitor.complaints).to.deep.equal([]);
    expect(await inspect(visitor.page, "28-documents")).to.deep.equal([]);
  });
});
