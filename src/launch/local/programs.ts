import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { launchError } from "../launchErrors.ts";

/** Ends a program whose starter is gone, even by kill -9. */
const LEASH = `data:text/javascript,${encodeURIComponent(
  'process.once("disconnect", () => process.kill(process.pid, "SIGTERM")); process.channel?.unref();',
)}`;
const READY_WITHIN_MS = 120_000;

export type ProgramSpec = {
  name: string;
  /** Script and arguments, run by this Node. */
  args: readonly string[];
  /** Its working folder, in which it keeps its database. */
  folder: string;
  env: Readonly<Record<string, string>>;
};
export type Program = { name: string; stop: () => Promise<void>; ended: Promise<void> };

/** Starts a service, which then listens. Throws `program-failed` with the end of what it printed. */
export async function startProgram(spec: ProgramSpec): Promise<Program> {
  const { child, output, ended } = start(spec);
  const listening = new Promise<void>((done) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (line.includes('"event":"listening"')) done();
    });
  });
  const late = AbortSignal.timeout(READY_WITHIN_MS);
  const failed = new Promise<never>((_, fail) => {
    const give = () => fail(launchError("program-failed", `${spec.name}: ${output()}`));
    void ended.then(give);
    late.addEventListener("abort", give);
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    await Promise.race([listening, failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  failed.catch(() => undefined); // it has listened: whoever waits for `ended` sees its end
  return { name: spec.name, stop, ended };
}

/** Runs a program to its end; answers what it printed. Throws `program-failed`. */
export async function runProgram(spec: ProgramSpec): Promise<string> {
  const { child, output, ended } = start(spec);
  let printed = "";
  child.stdout!.on("data", (data: Buffer) => (printed += data.toString()));
  await ended;
  if (child.exitCode !== 0) throw launchError("program-failed", `${spec.name}: ${output()}`);
  return printed;
}

function start({ args, folder, env }: ProgramSpec): {
  child: ChildProcess;
  output: () => string;
  ended: Promise<void>;
} {
  const child = spawn(process.execPath, ["--import", LEASH, ...args], {
    ...{ cwd: folder, env: { ...kept(), ...env }, stdio: ["ignore", "pipe", "pipe", "ipc"] },
    // Ctrl-C reaches whoever started it, who stops all in order; on Windows each would open a window.
    detached: process.platform !== "win32",
  });
  let last = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data: Buffer) => (last = (last + data.toString()).slice(-2_000)));
  }
  return {
    child,
    output: () => last.trim(),
    ended: new Promise((done) => child.once("close", () => done())),
  };
}

/** Of the environment what a program needs to run: databases, nodes and secrets that a shell knows are not this launch's. */
function kept(): Record<string, string> {
  const names = ["PATH", "HOME", "USER", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LANG"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
