// npm run bench -- pages [--json]: weight and speed of the page, on a slow machine with a slow network.
import { parseArgs } from "node:util";
import hre from "hardhat";
import { startBrowser } from "../test/browser/support/startBrowser.ts";
import { startLaunch } from "../test/browser/support/startLaunch.ts";
import { budgets, measurePages, type PagesMeasured } from "./pages/measurePages.ts";

const RUNS = 5;

/** Ends in exit code 1 where a budget is exceeded. */
export async function run(args: readonly string[]): Promise<void> {
  const { json } = parseArgs({
    args: [...args],
    options: { json: { type: "boolean", default: false } },
  }).values;
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
  const launch = await startLaunch();
  const browser = await startBrowser();
  try {
    const measured = await measurePages({
      ...{ browser, webRoot: launch.webRoot, url: launch.url, runs: RUNS },
      services: [launch.chain.url, launch.signer.url, launch.indexer.url],
    });
    const names = Object.keys(budgets) as (keyof PagesMeasured)[];
    const over = names.filter((name) => measured[name] > budgets[name]);
    if (!json) {
      for (const name of names) {
        const mark = over.includes(name) ? "✗" : "✓";
        console.log(
          `  ${mark} ${name.padEnd(20)}${String(measured[name]).padStart(8)}  budget ${String(budgets[name])}`,
        );
      }
    }
    if (json) console.log(JSON.stringify(measured));
    if (over.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
    await launch.close();
  }
}
