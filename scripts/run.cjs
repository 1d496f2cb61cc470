// node scripts/run.cjs file.ts args…: runs a TypeScript file under the Node that Hardhat needs. Arguments, signals and
// the exit code pass through; node_modules/.bin is first on PATH.
"use strict";

const { spawn } = require("node:child_process");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { prepare, root, modules } = require("./prepare.cjs");

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("✗ no file: node scripts/run.cjs file.ts args…\n");
  process.exit(1);
}

const node = prepare();
const windows = process.platform === "win32";

const child = spawn(
  node,
  [
    "--require",
    path.join(__dirname, "leash.cjs"),
    "--import",
    pathToFileURL(require.resolve("tsx")).href,
    path.resolve(root, file),
    ...args,
  ],
  {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: [path.join(modules, ".bin"), process.env.PATH].join(path.delimiter) },
    // A group of its own: on Ctrl-C the terminal signals everybody and npm signals us once more. We pass it on once.
    detached: !windows,
  },
);

const lastSent = new Map();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    const now = performance.now();
    if (now - (lastSent.get(signal) ?? -Infinity) < 500) return;
    lastSent.set(signal, now);
    child.kill(signal); // it decides when to end, and we end with it
  });
}

child.once("error", (error) => {
  process.stderr.write(`✗ ${node} cannot be run: ${error.message}\n`);
  process.exit(1);
});
child.once("exit", (code, signal) => {
  process.exit(code ?? 128 + (require("node:os").constants.signals[signal] ?? 0));
});
