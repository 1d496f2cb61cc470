import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
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

/** What is compiled, shared; and a list of it for this worker alone: Hardhat writes it at every run, and two would collide. */
function cacheOfItsOwn(): string {
  const shared = hre.config.paths.cache;
  const own = mkdtempSync(join(tmpdir(), "slipway-cache-"));
  copyFileSync(join(shared, "compile-cache.json"), join(own, "compile-cache.json"));
  for (const folder of ["build-info", "test-artifacts"])
    symlinkSync(join(shared, folder), join(own, folder), "junction");
  return own;
}
