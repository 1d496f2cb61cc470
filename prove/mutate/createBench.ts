import { spawn } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Compiled } from "./compileMutant.ts";

const SECONDS = 300;

export type Bench = ReturnType<typeof createBench>;

/** A copy of the artifacts in which changed contracts take the place of the real ones, and the tests upon it. */
export function createBench(root: string) {
  const artifacts = join(root, ".slipway/mutate/artifacts");
  rmSync(artifacts, { recursive: true, force: true });
  cpSync(join(root, "artifacts"), artifacts, { recursive: true });
  const solidity = globSync("test/contracts/*.t.sol", { cwd: root }).sort();
  const listing = globSync("test/sale/*.test.ts", { cwd: root }).sort();

  function put(compiled: readonly Compiled[]): void {
    for (const { file, name, ...changed } of compiled) {
      const path = join(file, `${name}.json`);
      const artifact = JSON.parse(readFileSync(join(root, "artifacts", path), "utf8")) as object;
      writeFileSync(join(artifacts, path), JSON.stringify({ ...artifact, ...changed }));
    }
  }

  function restore(compiled: readonly Compiled[]): void {
    for (const { file, name } of compiled) {
      cpSync(join(root, "artifacts", file, `${name}.json`), join(artifacts, file, `${name}.json`));
    }
  }

  /** Whether any test notices. Without end counts as noticed. */
  async function fails(compiled: readonly Compiled[], grep?: string): Promise<boolean> {
    put(compiled);
    const only = grep === undefined ? [] : ["--grep", grep];
    try {
      return (
        (await hardhat(root, ["test", "solidity", "--no-compile", ...only, ...solidity])) ||
        (await hardhat(root, ["test", "mocha", "--no-compile", ...only, ...listing]))
      );
    } finally {
      restore(compiled);
    }
  }

  return { fails };
}

/** Runs Hardhat on the copied artifacts; true when it ends in an error. */
function hardhat(root: string, args: readonly string[]): Promise<boolean> {
  return new Promise((done, failed) => {
    const child = spawn(
      join(root, "node_modules/.bin/hardhat"),
      ["--config", "prove/mutate/hardhat.config.ts", ...args],
      {
        cwd: root,
        stdio: "ignore",
        timeout: SECONDS * 1000,
        killSignal: "SIGKILL",
        env: { ...process.env, HARDHAT_CONFIG: join(root, "prove/mutate/hardhat.config.ts") },
      },
    );
    child.once("error", failed);
    child.once("close", (code) => done(code !== 0));
  });
}
