import { decodeErrorResult, parseAbi, type Abi, type Hex } from "viem";
import { errorsAbi } from "../../src/sdk/contractErrors.ts";

const managerErrors = parseAbi([
  "error WrappedError(address target, bytes4 selector, bytes reason, bytes details)",
  "error AlreadyUnlocked()",
  "error InvalidHookResponse()",
]);

/**
 * The name of the custom error; undefined when it passed. By its data, where Hardhat does not know the code: a mutant's, say.
 */
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
    return named ?? decodeErrorResult({ abi: [...abi, ...errorsAbi, ...managerErrors], data }).errorName;
  }
}
