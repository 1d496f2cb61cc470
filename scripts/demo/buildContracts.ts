import type { Processes } from "./processes.ts";

/** Compiles what is not compiled yet; quick when nothing changed. */
export async function buildContracts(processes: Processes): Promise<void> {
  await processes.run({
    name: "compiler",
    args: ["node_modules/hardhat/dist/src/cli.js", "build", "--no-tests", "--quiet"],
  });
}
