import { existsSync, globSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export type Selected = { solidity: string[]; mocha: string[]; browser: string[] };

/** The test files under `paths` (files or folders; all when none are given) by runner, relative to `root`. */
export function selectFiles(root: string, paths: readonly string[]): Selected | { problem: string } {
  const selected: Selected = { solidity: [], mocha: [], browser: [] };

  for (const path of paths.length === 0 ? ["test"] : paths) {
    const absolute = resolve(root, path);
    if (!existsSync(absolute)) return { problem: `${path}: no such file or folder` };

    const found = statSync(absolute).isDirectory()
      ? globSync(["**/*.t.sol", "**/*.test.ts"], { cwd: absolute }).map((file) => join(absolute, file))
      : [absolute];
    for (const file of found.map((file) => relative(root, file)).sort()) {
      const runner = runnerOf(file);
      if (runner === undefined)
        return { problem: `${path}: not a test (test/**/*.test.ts or test/contracts/**/*.t.sol)` };
      if (!selected[runner].includes(file)) selected[runner].push(file);
    }
  }

  const count = selected.solidity.length + selected.mocha.length + selected.browser.length;
  return count === 0 ? { problem: `${paths.join(", ")}: no tests in there` } : selected;
}

function runnerOf(file: string): keyof Selected | undefined {
  const path = file.replaceAll("\\", "/");
  if (path.startsWith("test/contracts/") && path.endsWith(".t.sol")) return "solidity";
  if (!path.startsWith("test/") || !path.endsWith(".test.ts")) return undefined;
  return path.startsWith("test/browser/") ? "browser" : "mocha";
}
