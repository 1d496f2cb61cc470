import { readFileSync } from "node:fs";
import { dataLength } from "ethers";

export type Size = Record<string, { runtime: number; init: number }>;

const contracts = {
  Sale: "Sale.sol/Sale",
  Vesting: "Vesting.sol/Vesting",
  LaunchToken: "LaunchToken.sol/LaunchToken",
  LaunchRegistry: "LaunchRegistry.sol/LaunchRegistry",
  VenueV2: "venues/VenueV2.sol/VenueV2",
} as const;

/** Bytes of runtime code and of creation code, without constructor arguments. */
export function measureSize(): Size {
  return Object.fromEntries(
    Object.entries(contracts).map(([name, path]) => {
      const file = new URL(`../../artifacts/contracts/${path}.json`, import.meta.url);
      const artifact = JSON.parse(readFileSync(file, "utf8")) as {
        bytecode: string;
        deployedBytecode: string;
      };
      return [name, { runtime: dataLength(artifact.deployedBytecode), init: dataLength(artifact.bytecode) }];
    }),
  );
}
