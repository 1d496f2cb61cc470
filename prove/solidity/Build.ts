import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import hre from "hardhat";
import type { Node } from "./Node.ts";

/** The compiler's input and syntax trees of the last build, by source name. */
export type Build = {
  input: { sources: Record<string, { content: string }>; settings: Record<string, unknown> };
  trees: Record<string, Node>;
  /** Source names of our contracts by their path in the repository. */
  sourceNames: Record<string, string>;
};

/** Of all jobs together: after a change only some files are in the newest, which counts for these. */
export async function readBuild(): Promise<Build> {
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
  const json = async (path: Promise<string | undefined>): Promise<unknown> =>
    JSON.parse(readFileSync((await path)!, "utf8"));

  const build: Build = { input: { sources: {}, settings: {} }, trees: {}, sourceNames: {} };
  const ids = await hre.artifacts.getAllBuildInfoIds();
  const paths = await Promise.all([...ids].map(async (id) => (await hre.artifacts.getBuildInfoPath(id))!));
  const written = (path: string) => statSync(path).mtimeMs;
  for (const path of paths.sort((a, b) => written(a) - written(b))) {
    const id = basename(path, ".json");
    const { input, userSourceNameMap } = JSON.parse(readFileSync(path, "utf8")) as {
      input: Build["input"];
      userSourceNameMap: Record<string, string>;
    };
    const { output } = (await json(hre.artifacts.getBuildInfoOutputPath(id))) as {
      output: { sources: Record<string, { ast: Node }> };
    };
    build.input = { ...build.input, ...input, sources: { ...build.input.sources, ...input.sources } };
    for (const [name, { ast }] of Object.entries(output.sources)) build.trees[name] = ast;
    Object.assign(build.sourceNames, userSourceNameMap);
  }
  return build;
}
