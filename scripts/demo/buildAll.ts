import type { Processes } from "./processes.ts";

/** Contracts and page, where they changed since the last time. */
export async function buildAll(processes: Processes): Promise<void> {
  const hardhat = ["node_modules/hardhat/dist/src/cli.js", "build", "--no-tests", "--quiet"];
  await Promise.all([
    processes.run({ name: "compiler", args: hardhat }),
    processes.run({ name: "page's build", args: ["src/web/build.ts"] }),
  ]);
}
