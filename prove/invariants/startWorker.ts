import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import hre from "hardhat";

export type Worker = {
  /** Runs the campaign's test with these variables in its environment; what the contract said, line by line. */
  run: (environment: Record<string, string>) => Promise<string[]>;
  end: () => void;
};

const leash = fileURLToPath(new URL("../../scripts/leash.cjs", import.meta.url));
const file = fileURLToPath(new URL("worker.ts", import.meta.url));

export function startWorker(): Worker {
  const cache = cacheOfItsOwn();
  const child = spawn(process.execPath, ["--require", leash, "--import", "tsx", file], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, HARDHAT_CACHE: cache },
  });
  child.once("exit", () => {
    rmSync(cache, { recursive: true, force: true });
  });
  const died = once(child, "exit").then(() => {
    throw new Error("the campaign's process ended before it reported");
  });
  died.catch(() => undefined);

  return {
    run: async (environment) => {
      const reported = once(child, "message");
      child.send(environment);
      const [lines] = (await Promise.race([reported, died])) as [string[]];
      return lines;
    },
    end: () => child.disconnect(),
  };
}

/** Hardhat writes to its cache at every run, and compiles tests into it: two processes would collide in one. */
function cacheOfItsOwn(): string {
  const { cache } = hre.config.paths;
  const own = mkdtempSync(join(tmpdir(), "slipway-cache-"));
  if (existsSync(cache)) cpSync(cache, own, { recursive: true });
  return own;
}
