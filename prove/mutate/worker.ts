// Runs the Solidity tests that each message names, and answers whether they passed. A process that has run them before
// takes a quarter of the time.
import { join } from "node:path";
import hre from "hardhat";

export type Run = { files: readonly string[]; grep: string; environment: Record<string, string> };

process.on("message", (run: Run) => {
  void answer(run);
});
// The leash lets go of the channel; here it is what the process lives for.
process.channel?.ref();

async function answer({ files, grep, environment }: Run): Promise<void> {
  Object.assign(process.env, environment);
  const testFiles = files.map((file) => join(hre.config.paths.root, file));
  const only = grep === "" ? {} : { grep };
  const { success } = (await hre.tasks
    .getTask(["test", "solidity"])
    .run({ testFiles, noCompile: true, ...only })) as { success: boolean };
  process.send!(success);
}
