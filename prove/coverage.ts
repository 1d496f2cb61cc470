// npm run prove -- coverage [--json]: which lines of the contracts (mocks aside), and which way of every `if` and `?:`,
// no test runs through. Hardhat counts lines; `showBranches` gives each way a line in a copy of the contracts.
import { spawn } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { explained } from "./coverage/explained.ts";
import { readLcov } from "./coverage/readLcov.ts";
import { showBranches, type Shown } from "./coverage/showBranches.ts";
import { readBuild } from "./solidity/Build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const copy = join(root, ".slipway/coverage");

type Share = { covered: number; of: number };
type Missed = { file: string; line: number; text: string };

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } });
  const shown = await copyProject();
  const tests = (pattern: string) => globSync(pattern, { cwd: copy }).sort();
  const hits = new Map<string, Map<number, number>>();
  await countHits(["solidity", ...tests("test/contracts/*.t.sol")], hits);
  await countHits(["mocha", ...tests("test/sale/*.test.ts")], hits);

  const missed: Missed[] = [];
  const byContract: Record<string, { lines: Share; branches: Share }> = {};
  for (const [file, each] of shown) {
    byContract[file] = shares(file, each, hits.get(file) ?? new Map<number, number>(), missed);
    const { lines, branches } = byContract[file];
    console.log(`${file.padEnd(40)} lines ${percent(lines)}  branches ${percent(branches)}`);
  }

  const unexplained = missed.filter(
    ({ file, text }) => !explained.some((each) => each.file === file && each.text === text),
  );
  for (const { file, line, text } of unexplained) console.error(`✗ ${file}:${line} no test: ${text}`);
  if (unexplained.length > 0) process.exitCode = 1;

  const total = (kind: "lines" | "branches") => sum(Object.values(byContract).map((each) => each[kind]));
  const summary = {
    lines: percent(total("lines")),
    branches: percent(total("branches")),
    explained: missed.length - unexplained.length,
    unexplained: unexplained.length,
  };
  console.log(values.json ? JSON.stringify({ ...summary, byContract }) : JSON.stringify(summary));
}

/** The project beside itself, with its branches shown; what is not compiled is linked. */
async function copyProject(): Promise<Map<string, Shown>> {
  const build = await readBuild();
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of ["contracts", "test", "hardhat.config.ts", "package.json", "tsconfig.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  for (const name of ["node_modules", "src", "deploy", "scripts", "bench", "launch.config.ts", "types"]) {
    symlinkSync(join(root, name), join(copy, name));
  }

  const shown = new Map<string, Shown>();
  for (const [file, name] of Object.entries(build.sourceNames)) {
    if (/^contracts\/(mocks|interfaces)\//.test(file)) continue;
    const each = showBranches(build.input.sources[name]!.content, build.trees[name]!);
    writeFileSync(join(copy, file), each.text);
    shown.set(file, each);
  }
  return shown;
}

async function countHits(args: readonly string[], hits: Map<string, Map<number, number>>): Promise<void> {
  let output = "";
  const code = await new Promise<number | null>((done, failed) => {
    const child = spawn(
      join(root, "node_modules/.bin/hardhat"),
      ["--coverage", "--no-typechain", "test", ...args],
      { cwd: copy, stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", failed);
    child.once("close", done);
  });
  if (code !== 0) throw new Error(`The tests fail under coverage:\n${output.slice(-4000)}`);
  readLcov(readFileSync(join(copy, "coverage/lcov.info"), "utf8"), hits);
}

function shares(file: string, shown: Shown, hits: Map<number, number>, missed: Missed[]) {
  const lines = { covered: 0, of: 0 };
  const branches = { covered: 0, of: 0 };
  const original = readFileSync(join(root, file), "utf8").split("\n");
  for (const [at, count] of hits) {
    const line = shown.originOf(at);
    const text = original[line - 1]?.trim();
    if (shown.branches.has(at) || text === undefined) continue;
    lines.of++;
    if (count > 0) lines.covered++;
    else missed.push({ file, line, text });
  }
  for (const [at, { line, what }] of shown.branches) {
    branches.of++;
    if ((hits.get(at) ?? 0) > 0) branches.covered++;
    else missed.push({ file, line, text: what });
  }
  return { lines, branches };
}

function sum(shares: readonly Share[]): Share {
  return shares.reduce((a, b) => ({ covered: a.covered + b.covered, of: a.of + b.of }), {
    covered: 0,
    of: 0,
  });
}

function percent({ covered, of }: Share): string {
  const share = of === 0 ? 100 : (100 * covered) / of;
  return `${share.toFixed(2)} % (${covered} of ${of})`;
}
