import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packages, type Package } from "./packages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = join(root, "dist", "packages");

/** Builds and packs the named packages, or all; answers the tarballs' paths. */
export async function packPackages(names: readonly string[]): Promise<string[]> {
  const wanted = names.length === 0 ? Object.keys(packages) : names;
  const tarballs: string[] = [];
  for (const name of wanted) {
    const one = packages[name];
    if (one === undefined) throw new Error(`No package ${name}: ${Object.keys(packages).join(", ")}`);
    tarballs.push(await pack(one, join(out, name)));
  }
  return tarballs;
}

async function pack({ name, description, build, bin, files = {}, manifest }: Package, folder: string) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const built = await build(folder);
  for (const [to, from] of Object.entries({ ...files, LICENSE: "LICENSE" })) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(join(root, from), join(folder, to), { recursive: true });
  }
  if (bin !== undefined) {
    writeFileSync(join(folder, "bin.js"), `#!/usr/bin/env node\n${bin}\n`);
    chmodSync(join(folder, "bin.js"), 0o755);
  }
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
    license: string;
  };
  const all = {
    ...{ name, version, description, license, type: "module", engines: { node: ">=20" } },
    ...(bin === undefined ? {} : { bin: { [name.replace("@slipway/", "slipway-")]: "bin.js" } }),
    ...built,
    ...manifest,
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(all, undefined, 2)}\n`);
  const [file] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", out], { cwd: folder, encoding: "utf8" }),
  ) as { filename: string }[];
  if (file === undefined) throw new Error(`npm pack told nothing of ${name}`);
  return join(out, file.filename.replace("@", "").replace("/", "-"));
}
