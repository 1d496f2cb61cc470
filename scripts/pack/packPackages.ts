import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = join(root, "dist", "packages");

type Package = {
  name: string;
  description: string;
  /** Bundled with everything of ours and of npm, but for `external`. */
  entries: Record<string, string>;
  external: readonly (string | RegExp)[];
  /** Program that runs the export of an entry with the arguments. */
  bin?: { name: string; entry: string; run: string };
  files: readonly string[];
  manifest: object;
};

/** Compiled contracts that addresses and comparisons follow from. */
const ARTIFACTS = ["Sale", "LaunchToken", "Vesting", "LaunchRegistry"].map(
  (name) => `artifacts/contracts/${name}.sol/${name}.json`,
);
const VENUES = ["VenueV2", "VenueV3", "VenueV4"].map(
  (name) => `artifacts/contracts/venues/${name}.sol/${name}.json`,
);
const MOCK = "artifacts/contracts/mocks/MockUSDC.sol/MockUSDC.json";
/** What a project begins with. */
const LAUNCHES = [
  "launch.config.ts",
  "docs/acme-paper.md",
  ...["ieo", "ico", "ido"].map((name) => `examples/launches/${name}.config.ts`),
];

const packages: Record<string, Package> = {
  slipway: {
    name: "slipway",
    description: "Recompute a Slipway launch from a node alone.",
    entries: { slipway: "src/hardhat/slipway.ts" },
    external: [],
    bin: { name: "slipway", entry: "slipway", run: "slipway" },
    files: [...ARTIFACTS, ...VENUES],
    manifest: {},
  },
  "create-slipway": {
    name: "create-slipway",
    description: "A project with one token launch.",
    entries: { create: "src/hardhat/createSlipway.ts" },
    external: [],
    bin: { name: "create-slipway", entry: "create", run: "createSlipway" },
    files: [...LAUNCHES],
    manifest: {},
  },
  hardhat: {
    name: "@slipway/hardhat",
    description: "Plan, deploy and run a token launch: a Hardhat 3 plugin.",
    entries: { plugin: "src/hardhat/plugin.ts", launch: "src/sdk/launchFile/defineLaunch.ts" },
    external: [/^hardhat(\/|$)/, /^@nomicfoundation\//],
    files: [...ARTIFACTS, ...VENUES, MOCK, ...LAUNCHES],
    manifest: {
      exports: {
        ".": { types: "./dist/plugin.d.ts", default: "./dist/plugin.js" },
        "./launch": { types: "./dist/launch.d.ts", default: "./dist/launch.js" },
      },
      peerDependencies: { hardhat: "^3.17.0" },
    },
  },
};

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

async function pack({ name, description, entries, external, bin, files, manifest }: Package, folder: string) {
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...{ configFile: false, root, logLevel: "error" },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(folder, "dist"),
      ...{ target: "node20", minify: false, copyPublicDir: false },
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([key, file]) => [key, join(root, file)])),
        external: [...external],
        // All in one folder: what is read beside the code is found from each chunk.
        output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  for (const file of [...files, "LICENSE"]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  if (name === "@slipway/hardhat") writeTypes(folder);
  if (bin !== undefined) writeBin(folder, bin);
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
    license: string;
  };
  const all = {
    ...{ name, version, description, license, type: "module", engines: { node: ">=20" } },
    ...(bin === undefined ? {} : { bin: { [bin.name]: "bin.js" } }),
    ...manifest,
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(all, undefined, 2)}\n`);
  const [file] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", out], { cwd: folder, encoding: "utf8" }),
  ) as { filename: string }[];
  if (file === undefined) throw new Error(`npm pack told nothing of ${name}`);
  return join(out, file.filename.replace("@", "").replace("/", "-"));
}

function writeBin(folder: string, { entry, run }: NonNullable<Package["bin"]>): void {
  const text = `#!/usr/bin/env node\nimport { ${run} } from "./dist/${entry}.js";\n\nawait ${run}(process.argv.slice(2));\n`;
  writeFileSync(join(folder, "bin.js"), text);
  chmodSync(join(folder, "bin.js"), 0o755);
}

/** The launch file's type with its documentation stands alone but for two of viem's names. */
function writeTypes(folder: string): void {
  const types = readFileSync(join(root, "src/sdk/launchFile/LaunchFile.ts"), "utf8").replace(
    /^import type .*"viem";$/m,
    `type Address = \`0x\${string}\`;\ntype Hex = Address;`,
  );
  const launch = `${types}
/** A launch parsed and checked. */
export type Launch = { readonly chainId: number };
/** The launch that a file describes. Throws \`launch-invalid\` with every problem at once. */
export declare function defineLaunch(file: LaunchFile): Launch;
`;
  writeFileSync(join(folder, "dist", "launch.d.ts"), launch);
  const plugin = `import type { HardhatPlugin } from "hardhat/types/plugins";
/** \`npx hardhat launch …\` */
export declare const slipway: HardhatPlugin;
`;
  writeFileSync(join(folder, "dist", "plugin.d.ts"), plugin);
  copyFileSync(join(root, "deploy/permit2.json"), join(folder, "dist", "permit2.json"));
}
