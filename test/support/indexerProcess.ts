import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringifyRecord } from "../../src/sdk/json.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";

const main = fileURLToPath(new URL("../../src/indexer/main.ts", import.meta.url));

/** The indexer as the operator runs it. */
export type IndexerProcess = {
  url: string;
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves with code and signal when it has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill: (signal: NodeJS.Signals) => void;
};

export type IndexerSetting = {
  databaseUrl: string;
  rpcUrl: string;
  records: readonly LaunchRecord[];
  env?: Record<string, string>;
  args?: readonly string[];
  /** Folder in which it is started. */
  cwd?: string;
};

const running = new Set<ChildProcess>();

/** Ends what a failed test left running. */
export function killIndexers(): void {
  for (const child of running) child.kill("SIGKILL");
}

function start({ databaseUrl, rpcUrl, records, env = {}, args = [], cwd }: IndexerSetting) {
  const folder = mkdtempSync(join(tmpdir(), "slipway-indexer-"));
  const paths = records.map((record, index) => {
    const path = join(folder, `record-${String(index)}.json`);
    writeFileSync(path, stringifyRecord(record));
    return path;
  });
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: {
      PATH: process.env["PATH"],
      ...{ DATABASE_URL: databaseUrl, RPC_URL: rpcUrl, LAUNCH_RECORD: paths.join(",") },
      ...{ FINALITY_DEPTH: "8", POLL_MS: "20", PORT: "0", ...env },
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    // Not "exit", which comes before the last words where this process is busy.
    child.once("close", (code, signal) => {
      running.delete(child);
      rmSync(folder, { recursive: true, force: true });
      done({ code, signal });
    });
  });
  return { child, ended };
}

/** Resolves when it listens; rejects with what it said when it ends before. */
export async function startIndexerProcess(setting: IndexerSetting): Promise<IndexerProcess> {
  const { child, ended } = start(setting);
  const output: string[] = [];
  const port = await new Promise<number>((done, fail) => {
    child.stderr.on("data", (data: Buffer) => output.push(data.toString()));
    child.stdout.on("data", (data: Buffer) => {
      output.push(data.toString());
      const found = /\{"event":"listening","port":(\d+)\}/.exec(output.join(""));
      if (found !== null) done(Number(found[1]));
    });
    void ended.then(({ code }) => {
      fail(new Error(`ended with ${String(code)}: ${output.join("")}`));
    });
  });
  return { url: `http://127.0.0.1:${String(port)}`, child, ended, kill: (signal) => child.kill(signal) };
}

/** Runs to the end; for commands and for starts that must fail. */
export async function runIndexerProcess(
  setting: IndexerSetting,
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const { child, ended } = start(setting);
  let [stderr, stdout] = ["", ""];
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  const { code } = await ended;
  return { code, stderr, stdout };
}

/** Asks until `answer` satisfies, at most 30 s. */
export async function until<T>(ask: () => Promise<T>, satisfied: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > end) throw new Error(`not in time; last: ${JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
