import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { readStatus } from "../../launch/operate/readStatus.ts";
import { reportCsv, reportPage, tokenList, type LaunchReport } from "../../launch/report/launchReport.ts";
import { verifySale } from "../../launch/verify/verifySale.ts";
import { stringify } from "../../sdk/json.ts";
import { openLaunch } from "../openLaunch.ts";
import { runTask } from "./runTask.ts";

/** `launch report`: what everybody may know of a launch at one block, in three forms, and its token as a list for wallets. */
export async function report(
  options: { record: string; rpc: string; out: string; json: boolean },
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const made = await runTask({
    json: options.json,
    work: async () => {
      const { record, chain, pool, close } = await openLaunch(hre, options);
      try {
        const verification = await verifySale({ chainId: record.chainId, sale: record.sale, pool });
        // Both of one block, however many come meanwhile.
        const status = await readStatus(chain, record, BigInt(verification.block.number));
        const made: LaunchReport = { status, verification };
        const tokens = tokenList(made);
        const files = {
          ...(tokens === undefined ? {} : { "tokenlist.json": `${stringify(tokens, 2)}\n` }),
          "report.json": `${stringify(made, 2)}\n`,
          "report.csv": reportCsv(made),
          "report.html": reportPage(made),
        };
        const folder = resolve(options.out);
        await mkdir(folder, { recursive: true });
        for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
        return { ...made, files: Object.keys(files).map((name) => join(folder, name)) };
      } finally {
        await close();
      }
    },
    words: ({ status, verification, files }) =>
      [
        `${status.phase} at block ${status.block}: ${status.next}`,
        verification.ok
          ? `✓ ${verification.checks.length} comparisons, none differs`
          : "✗ Something differs: see `slipway verify`",
        ...files,
      ].join("\n"),
  });
  if (made?.verification.ok === false) process.exitCode = 1;
}
