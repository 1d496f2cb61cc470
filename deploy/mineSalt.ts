import { encodeAbiParameters, getCreate2Address, keccak256, numberToHex, type Address, type Hex } from "viem";
import { contractArtifact, type Artifact } from "./artifacts.ts";
import { KEYLESS_DEPLOYER } from "./keyless.ts";

type LowBits = { mask: bigint; wanted: bigint };

/** Uniswap v4 reads a hook's rights off the low 14 bits of its address: `beforeInitialize` and no other. */
export const HOOK_BITS: LowBits = { mask: 0x3fffn, wanted: 0x2000n };

/** The least salt under which the keyless deployer puts `initCode` where the low bits of the address under `mask` are `wanted`. */
export function mineSalt(initCode: Hex, bits: LowBits): Hex {
  const bytecodeHash = keccak256(initCode);
  return leastSalt(bits, (salt) => getCreate2Address({ from: KEYLESS_DEPLOYER, salt, bytecodeHash }));
}

/** The least salt for `Sale.listWithSalt` under which venue v4 bears the hook of a sale's existing token. */
export function mineHookSalt({
  venue,
  sale,
  opener = contractArtifact("venues/PoolOpener.sol/PoolOpener"),
}: {
  venue: Address;
  sale: Address;
  opener?: Artifact;
}): Hex {
  const bytecodeHash = keccak256(opener.bytecode);
  return leastSalt(HOOK_BITS, (salt) => {
    const ofSale = keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [sale, salt]));
    return getCreate2Address({ from: venue, salt: ofSale, bytecodeHash });
  });
}

function leastSalt({ mask, wanted }: LowBits, addressOf: (salt: Hex) => Address): Hex {
  for (let number = 0n; ; number++) {
    const salt = numberToHex(number, { size: 32 });
    if ((BigInt(addressOf(salt)) & mask) === wanted) return salt;
  }
}
