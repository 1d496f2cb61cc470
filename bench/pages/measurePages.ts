import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";

export type PagesMeasured = {
  /** What index.html asks for by itself: kB (1,000 bytes) of JavaScript, gzipped. */
  initialJsGzipKb: number;
  /** From navigation until the sale is on the screen and answers a click; median of cold loads, milliseconds. */
  interactiveMs: number;
  /** Requests to any origin but those of the page and of its three services. */
  thirdPartyRequests: number;
};

export const budgets: PagesMeasured = { initialJsGzipKb: 160, interactiveMs: 3_000, thirdPartyRequests: 0 };

const CPU_SLOWDOWN = 4;
/** Slow 4G as Lighthouse has it: 1.6 Mbit/s down, 750 kbit/s up, 150 ms. */
const network = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};

/** As text: it runs in the page before anything of ours. */
const noteFirstSight = `
  new MutationObserver((_, observer) => {
    if (document.querySelector("[data-testid=phase]") === null) return;
    window.seenAt = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
`;

export function initialJsGzipKb(webRoot: string): number {
  const html = readFileSync(join(webRoot, "index.html"), "utf8");
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1] ?? "");
  const bytes = files.map((file) => gzipSync(readFileSync(join(webRoot, file))).length);
  return bytes.reduce((a, b) => a + b, 0) / 1_000;
}

/** Loads the page cold, `runs` times, on a slow machine with a slow network. */
export async function measurePages({
  browser,
  webRoot,
  url,
  services,
  runs,
}: {
  browser: Browser;
  webRoot: string;
  url: string;
  services: readonly string[];
  runs: number;
}): Promise<PagesMeasured> {
  const own = new Set([url, ...services].map((address) => new URL(address).origin));
  const times: number[] = [];
  let thirdPartyRequests = 0;

  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && !own.has(origin)) thirdPartyRequests += 1;
    });
    await page.addInitScript({ content: noteFirstSight });
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", network);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });

    await page.goto(url, { waitUntil: "commit" });
    await page.getByTestId("phase").waitFor();
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("dialog").waitFor();
    times.push(await page.evaluate(() => (window as unknown as { seenAt: number }).seenAt));
    await context.close();
  }

  times.sort((a, b) => a - b);
  return {
    initialJsGzipKb: Math.round(initialJsGzipKb(webRoot) * 10) / 10,
    interactiveMs: Math.round(times[Math.floor(times.length / 2)] ?? Number.NaN),
    thirdPartyRequests,
  };
}
