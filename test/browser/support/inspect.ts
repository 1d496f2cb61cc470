import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const viewports = { wide: { width: 1200, height: 900 }, narrow: { width: 360, height: 740 } } as const;
/** A folder for a picture of each state, as docs/pages.md shows them. */
const folder = process.env["SCREENSHOTS"];

type Violation = { id: string; nodes: { html: string; failureSummary?: string }[] };

/**
 * What is wrong with the page as it stands, wide and light, then dark at 360 pixels: axe's findings, overflow, and what cannot be
 * reached by keyboard or does not show that it is.
 */
export async function inspect(page: Page, state: string): Promise<string[]> {
  const problems: string[] = [];
  const checked = ["wide-light", "narrow-dark"];
  await wholeOf(page);
  for (const [width, viewport] of Object.entries(viewports)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const look = `${width}-${colorScheme}`;
      if (folder === undefined && !checked.includes(look)) continue;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (folder !== undefined) {
        // Charts measure their width anew.
        await page.waitForTimeout(300);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, `${state}-${look}.webp`), await pictureOf(page));
      }
      if (!checked.includes(look)) continue;
      for (const { id, nodes } of await violationsOf(page)) {
        for (const { html, failureSummary = "" } of nodes) {
          problems.push(`${state} ${look}: ${id} ${html} ${failureSummary}`);
        }
      }
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) problems.push(`${state} ${look}: ${String(over)} pixels wider than the screen`);
    }
  }
  for (const problem of await keyboardProblems(page)) problems.push(`${state}: ${problem}`);
  return problems;
}

/** Waits for what a sale's page shows last, and for a picture until the indexer's copy has followed the chain. */
async function wholeOf(page: Page): Promise<void> {
  const isSale = (await page.getByTestId("phase").count()) > 0;
  const silent = await page.locator(":is([data-service=chain], [data-service=indexer]).bad").count();
  if (isSale && silent === 0) await page.getByTestId("powers").waitFor();
  if (folder !== undefined) await page.waitForTimeout(2_500);
}

/** As text: it runs in the page. What can be used, and whether the focus came there and was seen. */
const watchFocus = `
  const usable = 'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"]';
  const root = document.querySelector("dialog[open]") ?? document;
  const unmet = new Set([...root.querySelectorAll(usable)].filter((element) => element.checkVisibility()));
  const name = (element) => element.outerHTML.slice(0, 120);
  const unseen = [];
  const seen = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const met = ({ target }) => {
    if (unmet.delete(target) && !seen(target)) unseen.push("the focus is not seen on " + name(target));
  };
  document.addEventListener("focusin", met);
  window.keyboardTour = {
    length: unmet.size,
    end: () => {
      document.removeEventListener("focusin", met);
      document.activeElement?.blur();
      scrollTo(0, 0);
      const gone = (element) => !element.isConnected;
      return [...unseen, ...[...unmet].filter((element) => !gone(element)).map((element) => "no way by keyboard to " + name(element))];
    },
  };
`;

/** Goes through the page, or the dialog over it, with Tab alone. */
async function keyboardProblems(page: Page): Promise<string[]> {
  type Toured = { keyboardTour: { length: number; end: () => string[] } };
  await page.evaluate(`(() => {${watchFocus}})()`);
  const stops = await page.evaluate(() => (window as unknown as Toured).keyboardTour.length);
  // Two more, as it may begin in the middle and leaves the page once.
  for (let press = 0; press < stops + 2; press++) await page.keyboard.press("Tab");
  return page.evaluate(() => (window as unknown as Toured).keyboardTour.end());
}

/** The whole page, or what is seen of it behind a dialog, as WebP, which playwright itself does not write. */
async function pictureOf(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { cssContentSize } = await session.send("Page.getLayoutMetrics");
  const asks = (await page.locator("dialog[open]").count()) > 0;
  const { data } = await session.send("Page.captureScreenshot", {
    ...{ format: "webp", quality: 80 },
    ...(asks ? {} : { captureBeyondViewport: true, clip: { ...cssContentSize, scale: 1 } }),
  });
  await session.detach();
  return Buffer.from(data, "base64");
}

async function violationsOf(page: Page): Promise<Violation[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
}
