import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Launch } from "./startLaunch.ts";

/** The button that buys; it names the amount once there is one. */
export const BUY = /^Buy( for .*)?$/;

/** One person with a browser of their own. */
export type Visitor = {
  page: Page;
  /** Errors that the browser reported: scripts, policy violations, failed loads. */
  complaints: string[];
  /** Origins of all requests. */
  origins: Set<string>;
  connect: (name: string) => Promise<void>;
  /** From a connected, eligible wallet to the click on Buy. */
  order: (amount: string) => Promise<void>;
  text: (testId: string) => Promise<string>;
  see: (testId: string) => Promise<void>;
  phaseIs: (words: string) => Promise<void>;
  close: () => Promise<void>;
};

export async function visit(
  browser: Browser,
  launch: Launch,
  {
    options = {},
    prepare,
  }: { options?: BrowserContextOptions; prepare?: (page: Page) => Promise<void> } = {},
): Promise<Visitor> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) origins.add(new URL(request.url()).origin);
  });
  await prepare?.(page);
  await page.goto(launch.url);
  await page.getByTestId("phase").waitFor();

  return {
    page,
    complaints,
    origins,
    connect: async (name) => {
      await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
      await page.getByRole("dialog").getByRole("button", { name }).click();
      await page.getByTestId("wallet").waitFor();
    },
    order: async (amount) => {
      await page.getByTestId("eligible").waitFor();
      await page.getByLabel("You pay").fill(amount);
      await page.getByRole("button", { name: BUY }).click();
    },
    text: (testId) => page.getByTestId(testId).innerText(),
    see: (testId) => page.getByTestId(testId).waitFor(),
    phaseIs: (words) => page.getByTestId("phase").getByText(words, { exact: true }).waitFor(),
    close: () => context.close(),
  };
}
