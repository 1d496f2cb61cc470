import { keccak256, stringToHex, type Address, type Hex } from "viem";
import type { SafeBatch } from "./safeBatches.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type BuilderFile = { readonly meta: { readonly [key: string]: Json }; readonly [key: string]: Json };

/** A batch as Safe's Transaction Builder loads it. */
export function builderFile({
  batch: { steps, nonce, safeTxHash },
  chainId,
  safe,
  name,
  createdAt,
}: {
  batch: SafeBatch;
  chainId: number;
  safe: Address;
  name: string;
  /** Milliseconds since 1970. */
  createdAt: number;
}): BuilderFile {
  const meta = {
    ...{ name, description: `Nonce ${String(nonce)}, Safe transaction hash ${safeTxHash}` },
    ...{ txBuilderVersion: "1.18.0", createdFromSafeAddress: safe, createdFromOwnerAddress: "" },
  };
  const file = {
    ...{ version: "1.0", chainId: String(chainId), createdAt, meta },
    transactions: steps.map(({ to, value, data }) => ({
      ...{ to: to ?? "", value: String(value), data },
      ...{ contractMethod: null, contractInputsValues: null },
    })),
  };
  return { ...file, meta: { ...meta, checksum: checksumOf(file) } };
}

/** Else the Transaction Builder warns that the file was changed: over all of it but its name. */
export function checksumOf(file: BuilderFile): Hex {
  const { checksum: _, ...meta } = file.meta;
  return keccak256(stringToHex(serialise({ ...file, meta: { ...meta, name: null } })));
}

function serialise(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(serialise).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value as Record<string, Json>).sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = JSON.stringify(entries.map(([key]) => key));
  return `{${keys}${entries.map(([, each]) => `${serialise(each)},`).join("")}}`;
}
