import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const leash = fileURLToPath(new URL("../../../scripts/leash.cjs", import.meta.url));

export type Service = { url: string; stop: () => Promise<void> };

/** A service as an operator starts it; resolves when it listens, rejects with its output when it ends before. */
export async function startService(script: string, env: Record<string, string>): Promise<Service> {
  const { child, ended, output } = start([script], env);
  const port = await new Promise<number>((done, fail) => {
    child.stdout?.on("data", () => {
      const found = /\{"event":"listening","port":(\d+)\}/.exec(output());
      if (found !== null) done(Number(found[1]));
    });
    void ended.then(() => {
      fail(new Error(`${script} ended: ${output()}`));
    });
  });
  return {
    url: `http://127.0.0.1:${String(port)}`,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** A command to its end: what it printed; rejects with that when it fails. */
export async function runCommand(args: readonly string[], env: Record<string, string>): Promise<string> {
  const { ended, output } = start(args, env);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${args.join(" ")} failed: ${output()}`);
  return output();
}

function start(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ["--require", leash, "--import", "tsx", ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"], ...env },
    // The channel lets the leash end it when the test process dies.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data: Buffer) => {
      text = (text + data.toString()).slice(-20_000);
    });
  }
  return { child, ended: once(child, "close") as Promise<[number | null]>, output: () => text };
}
