import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const leash = fileURLToPath(new URL("../../scripts/leash.cjs", import.meta.url));

const PROGRAM = "src/signer/main.ts";

/** The signer as an operator runs it; the leash ends it with the test process. */
export type SignerProcess = {
  url: string;
  pid: number;
  output: () => string;
  kill: (signal: NodeJS.Signals) => void;
  /** Code and signal, when it has ended. */
  ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
};

function start(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ["--require", leash, "--import", "tsx", ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

export function startSignerProcess(env: Record<string, string>): Promise<SignerProcess> {
  return startProgram([PROGRAM], env);
}

/** Resolves when it says that it listens; rejects with what it said when it ends before. */
export async function startProgram(
  args: readonly string[],
  env: Record<string, string>,
): Promise<SignerProcess> {
  const { child, ended, stdout, stderr } = start(args, env);
  const port = await new Promise<string>((done, fail) => {
    const look = (): void => {
      const found = /^\{"event":"listening","port":(\d+)\}$/m.exec(stdout())?.[1];
      if (found === undefined) return;
      child.stdout?.off("data", look);
      done(found);
    };
    child.stdout?.on("data", look);
    void ended.then(() => fail(new Error(`ended: ${stderr()}${stdout()}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    output: () => stdout() + stderr(),
    kill: (signal) => child.kill(signal),
    ended,
  };
}

/** Runs a command to its end. */
export async function runSigner(args: readonly string[], env: Record<string, string>) {
  const { ended, stdout, stderr } = start([PROGRAM, ...args], env);
  const [code] = await ended;
  return { code, stdout: stdout(), stderr: stderr() };
}
