import { readFileSync } from "node:fs";
import hre from "hardhat";
import type { Node } from "./Node.ts";

/** The compiler's input and syntax trees of the last build, by source name. */
export type Build = {
  input: { sources: Record<string, { content: string }>; settings: Record<string, unknown> };
  trees: Record<string, Node>;
  /** Source names of our contracts by their path in the repository. */
  sourceNames: Record<string, string>;
};

export async function readBuild(): Promise<Build> {
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
  const id = await hre.artifacts.getBuildInfoId("contracts/Sale.sol:Sale");
  const json = async (path: Promise<string | undefined>): Promise<unknown> =>
    JSON.parse(readFileSync((await path)!, "utf8"));

  const info = (await json(hre.artifacts.getBuildInfoPath(id!))) as {
    input: Build["input"];
    userSourceNameMap: Record<string, string>;
  };
  const { output } = (await json(hre.artifacts.getBuildInfoOutputPath(id!))) as {
    output: { sources: Record<string, { ast: Node }> };
  };
  const trees = Object.fromEntries(Object.entries(output.sources).map(([name, { ast }]) => [name, ast]));
  return { input: info.input, trees, sourceNames: info.userSourceNameMap };
}
