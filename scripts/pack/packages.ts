import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { emitModules } from "./emitModules.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type Package = {
  name: string;
  description: string;
  /** Fills the folder; answers what package.json says of it, such as dependencies. */
  build: (folder: string) => Promise<object> | object;
  /** The program that it brings: its text. */
  bin?: string;
  /** Further files by their place in the package: where they lie here. */
  files?: Readonly<Record<string, string>>;
  manifest?: object;
};

const same = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, path]));

/** Compiled contracts that addresses and comparisons follow from. */
const ARTIFACTS = ["Sale", "LaunchToken", "Vesting", "LaunchRegistry"].map(
  (name) => `artifacts/contracts/${name}.sol/${name}.json`,
);
const VENUES = ["VenueV2", "VenueV3", "VenueV4"].map(
  (name) => `artifacts/contracts/venues/${name}.sol/${name}.json`,
);
const MOCK = "artifacts/contracts/mocks/MockUSDC.sol/MockUSDC.json";
/** What explorers are sent. */
function sourcesOfArtifacts(): string[] {
  const ids = [...ARTIFACTS, ...VENUES].map(
    (path) => (JSON.parse(readFileSync(join(root, path), "utf8")) as { buildInfoId: string }).buildInfoId,
  );
  return [...new Set(ids)].map((id) => `artifacts/build-info/${id}.json`);
}
/** What a project begins with. */
const LAUNCHES = [
  ...["launch.config.ts", "docs/acme-paper.md"],
  ...["ieo", "ico", "ido"].map((name) => `examples/launches/${name}.config.ts`),
];
/** Installed by whoever keeps keys there; loaded only then. */
const CLOUD = ["@aws-sdk/client-kms", "@aws-sdk/client-secrets-manager"];
/** One of viem for everybody in a project. */
const VIEM = { peerDependencies: { viem: "^2.57.0" } };

/** What would be published, by the folder of dist/packages. */
export const packages: Readonly<Record<string, Package>> = {
  sdk: {
    name: "@slipway/sdk",
    description: "Vouchers, ABIs, history, errors in words and API clients of a token launch.",
    build: (folder) => {
      const from = join(root, "src/sdk");
      const files = globSync("**/*.ts", { cwd: from }).sort();
      emitModules({ from, files, to: join(folder, "dist") });
      const all = files.map(
        (file) => `export * from "./${file.replace(/ts$/, "js").replaceAll("\\", "/")}";\n`,
      );
      for (const ending of ["js", "d.ts"]) {
        writeFileSync(join(folder, "dist", `index.${ending}`), all.join(""));
      }
      return {};
    },
    manifest: {
      sideEffects: false,
      exports: {
        ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
        "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" },
      },
      ...VIEM,
    },
  },
  contracts: {
    name: "@slipway/contracts",
    description: "The sale, its venues and its vesting: Solidity, and as compiled.",
    build: (folder) => {
      for (const path of globSync("**/*.sol", { cwd: join(root, "contracts") })) {
        if (/^mocks[\\/]/.test(path)) continue;
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        cpSync(join(root, "contracts", path), join(folder, path));
      }
      return { dependencies: pinned(["@openzeppelin/contracts"]) };
    },
    files: same([...ARTIFACTS, ...VENUES]),
  },
  hardhat: {
    name: "@slipway/hardhat",
    description: "Plan, deploy and run a token launch: a Hardhat 3 plugin.",
    build: async (folder) => {
      const imported = await bundle({
        entries: { plugin: "src/hardhat/plugin.ts", launch: "src/hardhat/launch.ts" },
        folder,
        external: [/^hardhat(\/|$)/, /^@nomicfoundation\//],
      });
      writeTypes(folder);
      for (const path of sourcesOfArtifacts()) cpSync(join(root, path), join(folder, path));
      const plugins = imported.filter((name) => name !== "hardhat");
      return { dependencies: pinned(plugins, manifest().devDependencies) };
    },
    files: {
      ...same([...ARTIFACTS, ...VENUES, MOCK, ...LAUNCHES]),
      "dist/permit2.json": "deploy/permit2.json",
    },
    manifest: {
      exports: {
        ".": { types: "./dist/plugin.d.ts", default: "./dist/plugin.js" },
        "./launch": { types: "./dist/launch.d.ts", default: "./dist/launch.js" },
      },
      peerDependencies: { hardhat: "^3.17.0" },
    },
  },
  signer: {
    name: "@slipway/signer",
    description: "KYC decision → order → voucher: a service.",
    build: async (folder) => service(folder, { signer: "src/signer/main.ts" }, ["secp256k1"], CLOUD),
    bin: 'import "./dist/signer.js";',
    files: { "dist/store/migrations": "src/signer/store/migrations" },
  },
  indexer: {
    name: "@slipway/indexer",
    description: "A sale's history as a checked copy with an API: a service.",
    build: async (folder) => service(folder, { indexer: "src/indexer/main.ts" }, [], []),
    bin: 'import "./dist/indexer.js";',
    files: { ...same([...ARTIFACTS, ...VENUES]), "dist/migrations": "src/indexer/migrations" },
  },
  web: {
    name: "@slipway/web",
    description: "The page on which people buy: static files, and a server for them.",
    build: async (folder) => {
      await bundle({ entries: { serve: "src/web/serve.ts" }, folder, external: [] });
      execFileSync(process.execPath, ["--import", "tsx", "src/web/build.ts"], {
        cwd: root,
        stdio: ["ignore", "ignore", "inherit"],
      });
      cpSync(join(root, "dist/web"), join(folder, "page"), { recursive: true });
      return {};
    },
    bin: 'process.env.WEB_ROOT ??= new URL("page", import.meta.url).pathname;\nawait import("./dist/serve.js");',
    manifest: { exports: { "./page/*": "./page/*", "./package.json": "./package.json" } },
  },
  slipway: {
    name: "slipway",
    description: "Recompute a Slipway launch from a node alone.",
    build: (folder) =>
      bundle({ entries: { slipway: "src/hardhat/slipway.ts" }, folder, external: [] }).then(() => ({})),
    bin: 'import { slipway } from "./dist/slipway.js";\n\nawait slipway(process.argv.slice(2));',
    files: same([...ARTIFACTS, ...VENUES]),
  },
  "create-slipway": {
    name: "create-slipway",
    description: "A project with one token launch.",
    build: (folder) =>
      bundle({ entries: { create: "src/hardhat/createSlipway.ts" }, folder, external: [] }).then(() => ({})),
    bin: 'import { createSlipway } from "./dist/create.js";\n\nawait createSlipway(process.argv.slice(2));',
    files: same(LAUNCHES),
  },
};

type Manifest = Record<"dependencies" | "optionalDependencies" | "devDependencies", Record<string, string>>;

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
}

function installed(): Record<string, string> {
  const { dependencies, optionalDependencies } = manifest();
  return { ...dependencies, ...optionalDependencies };
}

/** The versions that this repository is tested with. */
function pinned(names: readonly string[], versions = installed()): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const version = versions[name];
      if (version === undefined) throw new Error(`${name} is no dependency in package.json`);
      return [name, version];
    }),
  );
}

/** Our own code in one piece; packages of npm stay what they are. PostgreSQL comes along where a platform has it. */
async function service(
  folder: string,
  entries: Record<string, string>,
  optional: readonly string[],
  onWish: readonly string[],
): Promise<object> {
  const imported = await bundle({ entries, folder, external: [/^[a-z@]/] });
  const platforms = Object.keys(manifest().optionalDependencies).filter((name) =>
    name.startsWith("@embedded-"),
  );
  const needed = imported.filter((name) => !optional.includes(name) && !onWish.includes(name));
  return {
    dependencies: pinned(needed),
    optionalDependencies: pinned([...optional, ...platforms]),
    peerDependencies: pinned(onWish, manifest().devDependencies),
    peerDependenciesMeta: Object.fromEntries(onWish.map((name) => [name, { optional: true }])),
  };
}

/** The launch file with its documentation for editors. */
function writeTypes(folder: string): void {
  const dist = join(folder, "dist");
  const files = ["launchFile/defineLaunch.ts", "launchFile/presets.ts"];
  emitModules({ from: join(root, "src/sdk"), files, to: join(dist, "types"), onlyTypes: true });
  const launch = `export { defineLaunch } from "./types/launchFile/defineLaunch.js";
export { ico, ido, ieo } from "./types/launchFile/presets.js";
`;
  writeFileSync(join(dist, "launch.d.ts"), launch);
  const plugin = `import type { HardhatPlugin } from "hardhat/types/plugins";
/** \`npx hardhat launch …\` */
export declare const slipway: HardhatPlugin;
`;
  writeFileSync(join(dist, "plugin.d.ts"), plugin);
}
