import { createRequire } from "node:module";
import type { Build } from "../solidity/Build.ts";
import { childrenOf } from "../solidity/Node.ts";

const require = createRequire(import.meta.url);
const solc = require("solc") as { compile: (input: string) => string };

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
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<
    string,
    Record<string, { abi: unknown; evm: Record<"bytecode" | "deployedBytecode", { object: string }> }>
  >;
};

/** The contracts that depend on `file`, with `source` in its place; undefined where it does not compile. */
export function compileMutant(build: Build, file: string, source: string): Compiled[] | undefined {
  const changed = build.sourceNames[file]!;
  const targets = TARGETS.filter(([target]) => importsOf(build, build.sourceNames[target]!).has(changed));
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
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
      }),
    ),
  ) as Output;
  if (output.errors?.some(({ severity }) => severity === "error")) return undefined;

  return targets.map(([target, name]) => {
    const { abi, evm } = output.contracts![build.sourceNames[target]!]![name]!;
    return {
      ...{ file: target, name, abi },
      bytecode: `0x${evm.bytecode.object}`,
      deployedBytecode: `0x${evm.deployedBytecode.object}`,
    };
  });
}

function importsOf(build: Build, name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { nodeType, absolutePath } of childrenOf(build.trees[name]!)) {
    if (nodeType === "ImportDirective") importsOf(build, absolutePath!, seen);
  }
  return seen;
}
