// npm test [-- file-or-folder…]: Solidity tests, then TypeScript tests, then browser tests. The last line counts over
// all of them; the exit code is 1 when anything failed, crashed or did not run.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Counts } from "./test/Counts.ts";
import { add, none, summary } from "./test/Counts.ts";
import { selectFiles } from "./test/selectFiles.ts";
import type { Runner } from "./test/startRunner.ts";
import { startRunner } from "./test/startRunner.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

let running: Runner | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    running?.interrupt(signal);
    process.exitCode = 1;
    interrupted = true;
  });
}
let interrupted = false;

const paths = process.argv.slice(2);
const selected = selectFiles(root, paths);
if ("problem" in selected) {
  console.error(`✗ ${selected.problem}`);
  finish({ ...none, failed: 1 });
} else {
  finish(await runAll(selected, paths.length === 0));
}

async function runAll(
  files: Exclude<typeof selected, { problem: string }>,
  everything: boolean,
): Promise<Counts> {
  const build = await run("build", "buildRunner.ts", []);
  if (build.failed > 0) return { ...none, failed: 1 };

  let total = none;
  if (everything || files.solidity.length > 0) {
    total = add(total, await run("Solidity tests", "solidityRunner.ts", files.solidity));
  }
  if (everything || files.mocha.length > 0) {
    total = add(total, await runMocha("TypeScript tests", files.mocha));
  }
  if (everything || files.browser.length > 0) {
    total = add(total, await runBrowser(files.browser));
  }
  return total;
}

async function runBrowser(files: string[]): Promise<Counts> {
  const chromium = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (existsSync(chromium))
    return runMocha("Browser tests", files, [], { ...process.env, CHROMIUM: chromium });

  const counts = await runMocha("Browser tests", files, ["--count"]);
  console.log(
    `Browser tests skipped: no Chromium at ${chromium}. To run them: apt-get install chromium, or set CHROMIUM.`,
  );
  return counts;
}

// Without files hardhat would run all that it finds.
function runMocha(name: string, files: string[], options: string[] = [], env = process.env): Promise<Counts> {
  if (files.length > 0) return run(name, "mochaRunner.ts", [...options, ...files], env);
  console.error(`✗ ${name}: no files`);
  return Promise.resolve({ ...none, failed: 1 });
}

async function run(name: string, file: string, args: string[], env = process.env): Promise<Counts> {
  if (interrupted) return none;
  running = startRunner(name, `./${file}`, args, env);
  try {
    return await running.counts;
  } finally {
    running = undefined;
  }
}

function finish(counts: Counts): void {
  if (counts.failed > 0 || counts.passed + counts.skipped === 0) process.exitCode = 1;
  console.log(summary(counts));
}
