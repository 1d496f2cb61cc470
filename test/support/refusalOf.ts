import { decodeErrorResult, parseAbi, type Abi, type Hex } from "viem";
import { launchTokenAbi } from "../../src/sdk/abi/LaunchToken.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { venueV2Abi } from "../../src/sdk/abi/VenueV2.ts";
import { venueV3Abi } from "../../src/sdk/abi/VenueV3.ts";
import { venueV4Abi } from "../../src/sdk/abi/VenueV4.ts";
import { vestingAbi } from "../../src/sdk/abi/Vesting.ts";

// Where the code is a mutant's, Hardhat does not know it and names no error.
const ours = [
  ...saleAbi,
  ...vestingAbi,
  ...venueV2Abi,
  ...venueV3Abi,
  ...venueV4Abi,
  ...launchTokenAbi,
] as unknown as Abi;

const managerErrors = parseAbi([
  "error WrappedError(address target, bytes4 selector, bytes reason, bytes details)",
  "error AlreadyUnlocked()",
  "error InvalidHookResponse()",
]);

/** The name of the custom error; undefined when it passed. */
export async function refusalOf(work: Promise<unknown>, abi: Abi = []): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    const {
      data = "0x",
      revert,
      message,
    } = error as { data?: Hex; revert?: { name: string }; message: string };
    if (revert != null) return revert.name;
    const named = /custom error '(\w+)\(/.exec(message)?.[1];
    return named ?? decodeErrorResult({ abi: [...abi, ...ours, ...managerErrors], data }).errorName;
  }
}
