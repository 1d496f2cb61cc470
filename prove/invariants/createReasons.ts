import type { Hex } from "viem";
import { decodeErrorResult, parseAbi, slice, toFunctionSelector } from "viem";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { vestingAbi } from "../../src/sdk/abi/Vesting.ts";

const others = parseAbi([
  "error Failed(uint256 step, bytes why)",
  "error Broken(string invariant, bytes got, bytes wanted)",
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error MoodyToken_Blocked(address account)",
  "error MoodyToken_Short(uint256 got, uint256 wanted)",
  "error MoodyToken_NotPermitted()",
  "error MoodyBuyer_Refuses()",
  "error MoodyVenue_Refuses()",
]);

/** Puts revert data into words, errors within errors too; a selector alone becomes the error's name. */
export function createReasons(): (data: string) => string {
  const abi = [...saleAbi, ...vestingAbi, ...others].filter((item) => item.type === "error");
  const names = new Map(abi.map((item) => [toFunctionSelector(signatureOf(item)), item.name]));

  /** Undefined where a broken contract cut it short. */
  const decode = (data: Hex) => {
    try {
      return decodeErrorResult({ abi, data });
    } catch {
      return undefined;
    }
  };

  const reasonOf = (data: string): string => {
    if (data === "0x00000000") return "(no data)";
    if (data.length === 10) return names.get(data as Hex) ?? data;
    if (!data.startsWith("0x") || !names.has(slice(data as Hex, 0, 4))) return data;
    const error = decode(data as Hex);
    if (error === undefined) return data;
    const { errorName, args } = error;
    const shown = (args as readonly unknown[]).map((arg) =>
      typeof arg === "string" && arg.length >= 10 ? reasonOf(arg) : String(arg),
    );
    return `${errorName}(${shown.join(", ")})`;
  };
  return reasonOf;
}

function signatureOf({ name, inputs }: { name: string; inputs: readonly { type: string }[] }): string {
  return `${name}(${inputs.map(({ type }) => type).join(",")})`;
}
