// npm run check: everything that can be said about the code without running it. Each step says how to put it right.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importProblems } from "./check/importDirections.ts";
import { scanSecrets } from "./check/scanSecrets.ts";

type Step = { name: string; run: () => Promise<string> | string; wayOut: string };

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const steps: Step[] = [
  {
    name: "contracts build",
    run: () => program("hardhat", ["build", "--no-tests"]),
    wayOut: "Correct the contracts; `npx hardhat build` shows the same.",
  },
  {
    name: "generated files are fresh",
    run: () => (existsSync("scripts/generate.ts") ? node(["scripts/generate.ts", "--check"]) : ""),
    wayOut: "npx hardhat build && node --import tsx scripts/generate.ts",
  },
  {
    name: "types",
    run: () => program("tsc", ["-p", "."]),
    wayOut: "Correct the types; `npx tsc -p .` shows the same.",
  },
  {
    name: "lint",
    run: () => program("eslint", [".", "--max-warnings", "0"]),
    wayOut: "npx eslint . --fix puts some of it right.",
  },
  {
    name: "lint of contracts",
    run: () => program("solhint", ["--disc", "--noPoster", "--max-warnings", "0", "contracts/**/*.sol"]),
    wayOut: "Correct the contracts; the rules are in .solhint.json.",
  },
  {
    name: "format",
    run: () =>
      program("prettier", [
        "--check",
        "--log-level",
        "warn",
        "**/*.{ts,tsx,js,cjs,sol,json,yml,yaml,md,html,css}",
      ]),
    wayOut: "npx prettier --write .",
  },
  {
    name: "texts of the page",
    run: async () => {
      const config = ["--config", "src/web/lingui.config.ts"];
      return (
        (await program("lingui", ["check", "sync", "--clean", "--verbose", ...config])) ||
        (await program("lingui", ["check", "missing", "--verbose", ...config]))
      );
    },
    wayOut: "npx lingui extract --clean --config src/web/lingui.config.ts, then translate what is new.",
  },
  {
    name: "import directions",
    run: () =>
      importProblems(root)
        .map(({ file, imports, why }) => `${file} imports ${imports}: ${why}`)
        .join("\n"),
    wayOut: "Move what both sides need to where both may import it from.",
  },
  {
    name: "no secrets, no machine paths",
    run: () =>
      scanSecrets(root)
        .map(({ file, line, what }) => `${file}:${line} ${what}`)
        .join("\n"),
    wayOut:
      "Remove it, and replace what was committed. A demo value is marked on its line: `// demo-key: why`.",
  },
];

let failed = 0;
for (const step of steps) {
  const started = performance.now();
  const problem = await outcome(step);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);

  if (problem === "") {
    console.log(`✓ ${step.name.padEnd(30)} ${seconds.padStart(6)} s`);
  } else {
    failed++;
    console.log(`✗ ${step.name.padEnd(30)} ${seconds.padStart(6)} s\n${problem}\n  → ${step.wayOut}\n`);
  }
}
if (failed > 0) {
  console.log(`${failed} of ${steps.length} checks failed.`);
  process.exitCode = 1;
}

/** What is wrong; empty when nothing is. */
async function outcome(step: Step): Promise<string> {
  try {
    return await step.run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function program(name: string, args: string[]): Promise<string> {
  return execute(join(root, "node_modules", ".bin", name), args);
}

function node(args: string[]): Promise<string> {
  return execute(process.execPath, ["--import", "tsx", ...args]);
}

function execute(command: string, args: string[]): Promise<string> {
  return new Promise((done, failedToStart) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", failedToStart);
    child.once("close", (code, signal) => {
      done(code === 0 ? "" : output.trim() || `${command} ended with ${code ?? signal}`);
    });
  });
}
