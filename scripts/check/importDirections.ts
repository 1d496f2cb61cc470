import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

/** What each part may import of ours. A part that is not in the table fails, so that it gets a place here. */
const MAY_IMPORT: Record<string, readonly string[] | "anything"> = {
  "src/sdk": [],
  "src/database": [],
  "src/openapi": [],
  "src/service": ["src/sdk", "src/database"],
  "src/chain": ["src/sdk"],
  "src/signer": ["src/sdk", "src/chain", "src/database", "src/openapi", "src/service"],
  "src/indexer": ["src/sdk", "src/chain", "src/database", "src/openapi", "src/service", "deploy"],
  "src/reconcile": ["src/sdk", "src/chain"],
  "src/launch": ["src/sdk", "src/chain", "src/reconcile", "deploy"],
  "src/hardhat": ["src/sdk", "src/chain", "src/reconcile", "src/launch", "deploy", "launch.config.ts"],
  "src/web": ["src/sdk"],
  deploy: ["src/sdk", "launch.config.ts"],
  examples: ["src/sdk"],
  // Services are started as processes, so scripts import neither signer nor indexer nor page.
  scripts: [
    "src/sdk",
    "src/chain",
    "src/reconcile",
    "src/launch",
    "src/hardhat",
    "src/database",
    "deploy",
    "launch.config.ts",
  ],
  "hardhat.config.ts": ["src/hardhat"],
  "launch.config.ts": ["src/sdk"],
  test: "anything",
  bench: "anything",
  prove: "anything",
};

/** Only in a browser's reach: no Node modules and no packages that need them. */
const BROWSER_SAFE = ["src/sdk", "src/web"];
const NODE_ONLY = /^(node:.*|pg|pg-copy-streams|fastify|pino|hardhat|ethers)(\/|$)/;
/** Configuration of bundler and catalogues, the build and the static server run in Node and sit beside the page. */
const RUNS_IN_NODE =
  /^src\/web\/((vite\.config|lingui\.config|build|serve|text\/errorExtractor)\.ts$|(build|server)\/)/;

export type ImportProblem = { file: string; imports: string; why: string };

/** The imports under `root` that go against the table above. Type-only imports count: they couple as well. */
export function importProblems(root: string): ImportProblem[] {
  return sourceFiles(root).flatMap((file) => problemsOf(file, readFileSync(join(root, file), "utf8")));
}

/** The problems of one file, by its path in the repository and its text. */
export function problemsOf(file: string, text: string): ImportProblem[] {
  const part = partOf(file);
  const allowed = part === undefined ? undefined : MAY_IMPORT[part];
  if (part === undefined || allowed === undefined) {
    return [
      { file, imports: "", why: "its folder is not in the table of scripts/check/importDirections.ts" },
    ];
  }

  const problems: ImportProblem[] = [];
  for (const { fileName: imported } of ts.preProcessFile(text, true, true).importedFiles) {
    if (!imported.startsWith(".")) {
      if (BROWSER_SAFE.includes(part) && !RUNS_IN_NODE.test(file) && NODE_ONLY.test(imported)) {
        problems.push({ file, imports: imported, why: `${part} must run in a browser` });
      }
      continue;
    }

    const target = posix.normalize(posix.join(posix.dirname(file), imported));
    const targetPart = partOf(target);
    if (targetPart === part || allowed === "anything" || target.startsWith("artifacts/")) continue;
    if (targetPart === undefined || !allowed.includes(targetPart)) {
      const list = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
      problems.push({ file, imports: target, why: `${part} may import ${list}` });
    }
  }
  return problems;
}

function partOf(file: string): string | undefined {
  const [first, second] = file.split("/");
  if (first === undefined || first === "..") return undefined;
  return first === "src" && second !== undefined ? `src/${second}` : first;
}

function sourceFiles(root: string): string[] {
  const folders = ["src", "deploy", "scripts", "examples", "test", "bench", "prove"];
  return [
    ...["hardhat.config.ts", "launch.config.ts"].filter((file) => existsSync(join(root, file))),
    ...folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root })),
  ]
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}
