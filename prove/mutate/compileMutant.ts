import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Build } from "../solidity/Build.ts";
import { childrenOf } from "../solidity/Node.ts";

const SOLC = createRequire(import.meta.url).resolve("solc/solc.js");

/** What tests deploy. Each is compiled anew when the changed file is among what it imports. */
const TARGETS = [
  ["contracts/Sale.sol", "Sale"],
  ["contracts/Vesting.sol", "Vesting"],
  ["contracts/LaunchToken.sol", "LaunchToken"],
  ["contracts/LaunchRegistry.sol", "LaunchRegistry"],
  ["contracts/venues/VenueV2.sol", "VenueV2"],
  ["contracts/venues/VenueV3.sol", "VenueV3"],
  ["contracts/venues/VenueV4.sol", "VenueV4"],
  ["contracts/venues/PoolOpener.sol", "PoolOpener"],
  ["contracts/mocks/DigestHarness.sol", "DigestHarness"],
] as const;

export type Compiled = {
  file: string;
  name: string;
  abi: unknown;
  bytecode: string;
  deployedBytecode: string;
};
type Output = {
  errors?: { severity: string; sourceLocation?: Place & { file: string } }[];
  contracts?: Record<
    string,
    Record<string, { abi: unknown; evm: Record<"bytecode" | "deployedBytecode", { object: string }> }>
  >;
};
/** In bytes of the changed file. */
export type Place = { start: number; end: number };

/** The contracts that depend on `file`, with `source` in its place, or where it does not compile. */
export async function compileMutant(
  build: Build,
  file: string,
  source: string,
): Promise<{ compiled: Compiled[] } | { wrong: Place[] }> {
  const changed = build.sourceNames[file]!;
  const targets = TARGETS.filter(([target]) => importsOf(build, build.sourceNames[target]!).has(changed));
  const output = await solc({
    ...build.input,
    sources: { ...build.input.sources, [changed]: { content: source } },
    settings: {
      ...build.input.settings,
      outputSelection: Object.fromEntries(
        targets.map(([target, name]) => [
          build.sourceNames[target]!,
          { [name]: ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] },
        ]),
      ),
    },
  });
  const errors = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  if (errors.length > 0) {
    return {
      wrong: errors.flatMap(({ sourceLocation: at }) =>
        at !== undefined && at.file === changed ? [at] : [],
      ),
    };
  }

  const compiled = targets.map(([target, name]) => {
    const { abi, evm } = output.contracts![build.sourceNames[target]!]![name]!;
    return {
      ...{ file: target, name, abi },
      bytecode: `0x${evm.bytecode.object}`,
      deployedBytecode: `0x${evm.deployedBytecode.object}`,
    };
  });
  return { compiled };
}

/** In a process of its own, so that two compile side by side. It reads and writes files: of a pipe it loses the rest. */
async function solc(input: unknown): Promise<Output> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-solc-"));
  try {
    const [from, to] = ["input.json", "output.json"].map((name) => join(folder, name)) as [string, string];
    writeFileSync(from, JSON.stringify(input));
    const files = [openSync(from, "r"), openSync(to, "w")] as const;
    const child = spawn(process.execPath, [SOLC, "--standard-json"], { stdio: [...files, "inherit"] });
    files.forEach((file) => closeSync(file));
    await once(child, "close");
    // A line about a solver that it lacks can come before its answer.
    const said = readFileSync(to, "utf8");
    return JSON.parse(said.slice(said.indexOf("{"))) as Output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function importsOf(build: Build, name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { nodeType, absolutePath } of childrenOf(build.trees[name]!)) {
    if (nodeType === "ImportDirective") importsOf(build, absolutePath!, seen);
  }
  return seen;
}
