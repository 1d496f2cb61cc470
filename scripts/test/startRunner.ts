import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Counts } from "./Counts.ts";

export type Runner = { counts: Promise<Counts>; interrupt: (signal: NodeJS.Signals) => void };

const leash = fileURLToPath(new URL("../leash.cjs", import.meta.url));

/**
 * Runs one of the runner files beside this one in a process of its own, with its output going straight through. A
 * runner that crashes, reports nothing or ran nothing counts as one failure.
 */
export function startRunner(
  name: string,
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Runner {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ["--require", leash, "--import", "tsx", path, ...args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env,
    detached: true, // a group of its own, so that what a test left running can be ended with it
  });

  let reported: Counts | undefined;
  child.on("message", (counts) => {
    reported = counts as Counts;
  });

  const counts = new Promise<Counts>((done) => {
    child.once("error", (error) => done(failure(name, `cannot be started: ${error.message}`)));
    child.once("close", (code, signal) => {
      endGroup(child, "SIGTERM");
      if (reported === undefined) {
        done(failure(name, `ended with ${code ?? signal} before it reported`));
      } else if (reported.passed + reported.failed + reported.skipped === 0) {
        done(failure(name, "ran no test"));
      } else if (code !== 0 && reported.failed === 0) {
        done({ ...reported, failed: failure(name, `ended with ${code ?? signal}`).failed });
      } else {
        done(reported);
      }
    });
  });

  return { counts, interrupt: (signal) => endGroup(child, signal) };
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || process.platform === "win32") return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left.
  }
}

function failure(name: string, what: string): Counts {
  console.error(`✗ ${name}: ${what}`);
  return { passed: 0, failed: 1, skipped: 0 };
}
