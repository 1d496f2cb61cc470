// npm run bench -- fresh [--json]: from the packed packages, in an empty folder, to a locally running launch, as somebody
// new would do it: two commands, at most three minutes.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { createPublicClient, http } from "viem";
import { packPackages } from "../scripts/pack/packPackages.ts";
import { saleAbi } from "../src/sdk/abi/Sale.ts";
import { parseRecord } from "../src/sdk/json.ts";
import { phaseOf } from "../src/sdk/phase.ts";

const MOST_SECONDS = 180;
const CHAIN = "http://127.0.0.1:8545";
/** What each service says once it serves this launch. */
const SERVICES = {
  page: "http://127.0.0.1:7400/config.json",
  signer: "http://127.0.0.1:7401/readyz",
  indexer: "http://127.0.0.1:7402/readyz",
};

export async function run(args: readonly string[]): Promise<void> {
  const { json } = parseArgs({
    args: [...args],
    options: { json: { type: "boolean", default: false } },
  }).values;
  const tarballs = await packPackages([]);
  const packages = dirname(tarballs[0] ?? "");
  const creator = tarballs.find((file) => file.includes("create-slipway")) ?? "";
  const folder = mkdtempSync(join(tmpdir(), "slipway-empty-"));
  const commands = [
    ["npx", "--yes", `--package=${creator}`, "create-slipway", "my-sale", "--packages", packages],
    ["npm", "start", "--prefix", "my-sale"],
  ];

  const startedAt = performance.now();
  const seconds = () => Number(((performance.now() - startedAt) / 1000).toFixed(1));
  let running: ChildProcess | undefined;
  try {
    await ended(start(commands[0] ?? [], folder));
    const created = seconds();
    running = start(commands[1] ?? [], folder);
    const phase = await launched(running, join(folder, "my-sale", ".slipway", "launch.json"));
    const measured = { created, running: seconds(), most: MOST_SECONDS, phase };
    if (json) console.log(JSON.stringify(measured));
    else {
      for (const command of commands) console.log(`$ ${command.join(" ").replaceAll(packages, "…")}`);
      console.log(
        `project installed after ${String(created)} s, launch running after ${String(measured.running)} s`,
      );
      console.log(`chain, ${Object.keys(SERVICES).join(", ")} answer;`);
      console.log(`of at most ${String(MOST_SECONDS)}; the sale says by its own code that it is ${phase}`);
    }
    if (measured.running > MOST_SECONDS) process.exitCode = 1;
  } finally {
    if (running?.pid !== undefined) process.kill(-running.pid, "SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As from a shell that knows nothing of this repository. */
function start([command = "", ...args]: readonly string[], cwd: string): ChildProcess {
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((one) => !one.includes("node_modules"))
    .join(delimiter);
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  return spawn(command, args, {
    ...{ cwd, detached: true, stdio: ["ignore", "ignore", "inherit"] as const },
    env: { ...Object.fromEntries(own), PATH: path },
  });
}

async function ended(child: ChildProcess): Promise<void> {
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`${child.spawnargs.join(" ")} ended with ${String(code)}`);
}

/** Once the launch's record is written and its services are ready, asks its sale itself. */
async function launched(child: ChildProcess, record: string): Promise<string> {
  const over = new AbortController();
  child.once("close", (code) => {
    over.abort(new Error(`${child.spawnargs.join(" ")} ended with ${String(code)}`));
  });
  while (!existsSync(record)) {
    over.signal.throwIfAborted();
    await new Promise((later) => setTimeout(later, 50));
  }
  const { sale } = parseRecord(readFileSync(record, "utf8"));
  for (const url of Object.values(SERVICES)) {
    while (
      !(await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      over.signal.throwIfAborted();
      await new Promise((later) => setTimeout(later, 100));
    }
  }
  const chain = createPublicClient({ transport: http(CHAIN) });
  return phaseOf(await chain.readContract({ address: sale, abi: saleAbi, functionName: "phase" }));
}
