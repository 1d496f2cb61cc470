import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { dataLength } from "ethers";

export type Size = Record<string, { runtime: number; init: number }>;

const contracts = fileURLToPath(new URL("../../artifacts/contracts", import.meta.url));

/** Bytes of runtime code and of creation code, without constructor arguments, of every contract that is deployed. */
export function measureSize(): Size {
  const size: Size = {};
  for (const file of globSync("{*,venues/*}.sol/*.json", { cwd: contracts }).sort()) {
    const artifact = JSON.parse(readFileSync(`${contracts}/${file}`, "utf8")) as {
      bytecode: string;
      deployedBytecode: string;
    };
    const [runtime, init] = [dataLength(artifact.deployedBytecode), dataLength(artifact.bytecode)];
    // An abstract contract has no code.
    if (init > 0) size[basename(file, ".json")] = { runtime, init };
  }
  return size;
}
