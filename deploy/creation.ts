import { concat, encodeDeployData, getCreate2Address, zeroHash, type Address, type Hex } from "viem";
import type { Artifact } from "./artifacts.ts";
import { KEYLESS_DEPLOYER } from "./keyless.ts";

/** A contract whose address follows from its code, its arguments and a salt: the keyless deployer creates it. */
export type Creation = {
  artifact: Artifact;
  address: Address;
  /** What the keyless deployer is called with: salt and init code. */
  call: Hex;
};

export function creationOf(
  artifact: Artifact,
  args: readonly unknown[] = [],
  salt: Hex = zeroHash,
): Creation {
  const bytecode = encodeDeployData({ abi: artifact.abi, bytecode: artifact.bytecode, args });
  return {
    artifact,
    address: getCreate2Address({ from: KEYLESS_DEPLOYER, salt, bytecode }),
    call: concat([salt, bytecode]),
  };
}
