import { expect } from "chai";
import type { Browser } from "playwright-core";
import { budgets, measurePages, type PagesMeasured } from "../../bench/pages/measurePages.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, type Launch } from "./support/startLaunch.ts";

describe("the page on a slow machine with a slow network", function () {
  this.timeout(120_000);
  // A time is of this machine, too, which may be busy with something else.
  this.retries(2);
  let launch: Launch;
  let browser: Browser;

  before(async () => {
    [launch, browser] = await Promise.all([startLaunch(), startBrowser()]);
  });
  after(async () => {
    await browser.close();
    await launch.close();
  });

  it("keeps within every budget of `npm run bench -- pages`", async () => {
    const measured = await measurePages({
      ...{ browser, webRoot: launch.webRoot, url: launch.url, runs: 3 },
      services: [launch.chain.url, launch.signer.url, launch.indexer.url],
    });
    for (const name of Object.keys(budgets) as (keyof PagesMeasured)[]) {
      expect(measured[name], name).to.be.at.most(budgets[name]);
    }
  });
});
