import { size, type Hex } from "viem";
import type { Artifact } from "./artifacts.ts";

/** Whether code on chain is what the artifact becomes there, whatever its immutables are; true of an artifact without code. */
export function codeMatches(
  { deployedBytecode, immutableReferences = {} }: Pick<Artifact, "deployedBytecode" | "immutableReferences">,
  code: Hex,
): boolean {
  if (deployedBytecode === undefined) return true;
  if (size(code) !== size(deployedBytecode)) return false;

  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of Object.values(immutableReferences).flat()) {
    bytes.fill(0, start, start + length);
  }
  return bytes.equals(Buffer.from(deployedBytecode.slice(2), "hex"));
}
