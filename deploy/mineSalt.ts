import { getCreate2Address, keccak256, numberToHex, type Hex } from "viem";
import { KEYLESS_DEPLOYER } from "./keyless.ts";

/** The least salt under which the keyless deployer puts `initCode` where the low bits of the address under `mask` are `wanted`. */
export function mineSalt(initCode: Hex, { mask, wanted }: { mask: bigint; wanted: bigint }): Hex {
  const bytecodeHash = keccak256(initCode);
  for (let number = 0n; ; number++) {
    const salt = numberToHex(number, { size: 32 });
    const address = getCreate2Address({ from: KEYLESS_DEPLOYER, salt, bytecodeHash });
    if ((BigInt(address) & mask) === wanted) return salt;
  }
}
