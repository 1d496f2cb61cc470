import { spawn } from "node:child_process";

/** Runs a program as from a shell that knows nothing of this repository; in the background, as it may ask this process. */
export function runFresh(
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<{ code: number | null; output: string }> {
  // Mocha runs within Hardhat, which tells those that it starts which configuration is its own.
  const own = Object.entries(process.env).filter(([name]) => !/^(HARDHAT|HH)_/.test(name));
  const child = spawn(process.execPath, args, {
    ...{ cwd, stdio: ["ignore", "pipe", "pipe"] as const },
    env: { ...Object.fromEntries(own), ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((done) => child.once("close", (code) => done({ code, output })));
}
