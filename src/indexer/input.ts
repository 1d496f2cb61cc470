import { getAddress, isAddress, isHex, size, type Address, type Hex } from "viem";
import { indexerError } from "../sdk/indexerErrors.ts";

/** Parameters of a request, checked all at once: read each, then `done()` throws `input-invalid` with all that is wrong. */
export function readInput(values: Readonly<Record<string, unknown>>) {
  const problems: { code: string; field: string; got: string; wanted: string; wayOut: string }[] = [];

  function read<T, Fallback>(
    field: string,
    wanted: string,
    parse: (text: string) => T | undefined,
    fallback: Fallback,
  ) {
    const got = values[field];
    if (got === undefined) return fallback;
    const parsed = typeof got === "string" ? parse(got) : undefined;
    if (parsed !== undefined) return parsed;
    problems.push({
      code: "input-invalid",
      field,
      got: typeof got === "string" ? got.slice(0, 100) : "more than one",
      wanted,
      wayOut: "Correct it.",
    });
    return fallback;
  }

  return {
    integer: (field: string, least: number, most: number, fallback: number): number =>
      read(
        field,
        `a whole number from ${String(least)} to ${String(most)}`,
        (text) => integerIn(text, least, most),
        fallback,
      ),
    address: (field: string): Address | undefined =>
      read(
        field,
        "an address, 20 bytes in hex",
        (text) => (isAddress(text, { strict: false }) ? getAddress(text.toLowerCase()) : undefined),
        undefined,
      ),
    bytes32: (field: string): Hex | undefined =>
      read(field, "32 bytes in hex", (text) => (isBytes32(text) ? text : undefined), undefined),
    text: (field: string, wanted: string, pattern: RegExp): string | undefined =>
      read(field, wanted, (text) => (pattern.test(text) ? text : undefined), undefined),
    done() {
      if (problems.length === 0) return;
      throw indexerError("input-invalid", problems.map(({ field }) => field).join(", "), { problems });
    },
  };
}

function integerIn(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}

function isBytes32(text: string): text is Hex {
  return isHex(text) && size(text) === 32;
}
