import { keccak256, parseAbi, type Address, type Hex, type PublicClient } from "viem";
import { launchError } from "../launchErrors.ts";

const safeAbi = parseAbi([
  "function VERSION() view returns (string)",
  "function nonce() view returns (uint256)",
  "function getThreshold() view returns (uint256)",
  "function getOwners() view returns (address[])",
  "function getModulesPaginated(address start, uint256 pageSize) view returns (address[] array, address next)",
]);
/** Where a Safe's list of modules begins. */
const SENTINEL: Address = "0x0000000000000000000000000000000000000001";
const MOST_MODULES = 20n;

/** A multisig of Safe's, as the chain has it. */
export type Safe = {
  address: Address;
  version: string;
  /** Of its next transaction. */
  nonce: bigint;
  threshold: bigint;
  owners: readonly Address[];
  /** Contracts that move it without a signature. */
  modules: readonly Address[];
};

/** Undefined where the contract does not answer as a Safe does. */
export async function readSafe(chain: PublicClient, address: Address): Promise<Safe | undefined> {
  const safe = { address, abi: safeAbi } as const;
  try {
    const [version, nonce, threshold, owners, [modules]] = await Promise.all([
      chain.readContract({ ...safe, functionName: "VERSION" }),
      chain.readContract({ ...safe, functionName: "nonce" }),
      chain.readContract({ ...safe, functionName: "getThreshold" }),
      chain.readContract({ ...safe, functionName: "getOwners" }),
      chain.readContract({ ...safe, functionName: "getModulesPaginated", args: [SENTINEL, MOST_MODULES] }),
    ]);
    return { address, version, nonce, threshold, owners, modules };
  } catch {
    return undefined;
  }
}

/** `MultiSendCallOnly` by version of the Safe, from @safe-global/safe-deployments 1.37.56: where it lies, and its code. */
const multiSends: Record<string, { addresses: readonly Address[]; codeHash: Hex }> = {
  "1.3.0": {
    addresses: ["0x40A2aCCbd92BCA938b02010E17A5b8929b49130D", "0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B"],
    codeHash: "0xa9865ac2d9c7a1591619b188c4d88167b50df6cc0c5327fcbd1c8c75f7c066ad",
  },
  "1.4.1": {
    addresses: ["0x9641d764fc13c8B624c04430C7356C1C7C8102e2"],
    codeHash: "0xecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939",
  },
  "1.5.0": {
    addresses: ["0xA83c336B20401Af773B6219BA5027174338D1836"],
    codeHash: "0xcdbdcec38d2f1c7d961b0029ff8416b7e86e9974d6f0e9c9580c7d17fcfb6663",
  },
};

/** The contract through which this Safe makes several calls at once. Throws `safe-unusable`. */
export async function multiSendOf(chain: PublicClient, { version }: Safe): Promise<Address> {
  const { addresses = [], codeHash } = multiSends[version] ?? {};
  for (const address of addresses) {
    const code = await chain.getCode({ address });
    if (code !== undefined && keccak256(code) === codeHash) return address;
  }
  const known = Object.keys(multiSends).join(", ");
  throw launchError("safe-unusable", `no MultiSendCallOnly for version ${version} (known: ${known})`);
}
