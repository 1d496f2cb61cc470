import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Abi, Hex } from "viem";
import { deployError } from "./deployErrors.ts";

export type Artifact = {
  contractName: string;
  abi: Abi;
  bytecode: Hex;
  /** Of ours only, as the rest: the code that stays on chain, zero where an immutable goes. */
  deployedBytecode?: Hex;
  immutableReferences?: Record<string, readonly { start: number; length: number }[]>;
  inputSourceName?: string;
  buildInfoId?: string;
};

const root = fileURLToPath(new URL("..", import.meta.url));

/** A contract of ours, as compiled: "Sale.sol/Sale". Throws `artifacts-missing`. */
export function contractArtifact(path: string): Artifact {
  try {
    return JSON.parse(readFileSync(`${root}artifacts/contracts/${path}.json`, "utf8")) as Artifact;
  } catch (cause) {
    throw deployError("artifacts-missing", path, cause);
  }
}

/** A contract of Uniswap's, prebuilt in its npm package: "v2-core/build/UniswapV2Factory". */
export function uniswapArtifact(path: string): Artifact {
  const file = createRequire(import.meta.url).resolve(`@uniswap/${path}.json`);
  const { abi, bytecode } = JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Bytecode };
  const code = typeof bytecode === "string" ? bytecode : bytecode.object;
  const name = path.split("/").at(-1) ?? path;
  return { contractName: name, abi, bytecode: `0x${code.replace(/^0x/, "")}` };
}

/** Truffle and Hardhat keep a string, Foundry an object. */
type Bytecode = string | { object: string };

/** The text of a file at the top of this repository, or of the package that this is part of. */
export function packageFile(path: string): string {
  return readFileSync(`${root}${path}`, "utf8");
}
