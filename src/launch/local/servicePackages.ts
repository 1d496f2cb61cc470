import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

export type ServicePackages = Record<"signer" | "indexer" | "web", string>;

/** The programs of the three packages as this project has them installed; undefined unless all are. */
export function servicePackages(project: string): ServicePackages | undefined {
  const require = createRequire(join(resolve(project), "package.json"));
  const programs = (["signer", "indexer", "web"] as const).map((name) => {
    try {
      return [name, join(dirname(require.resolve(`@slipway/${name}/package.json`)), "bin.js")] as const;
    } catch {
      return [name, ""] as const;
    }
  });
  return programs.every(([, file]) => existsSync(file))
    ? (Object.fromEntries(programs) as ServicePackages)
    : undefined;
}
