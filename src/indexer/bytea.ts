import type { Hex } from "viem";

/** Bytes as PostgreSQL takes them in a text parameter. */
export function bytea(hex: Hex): string {
  return `\\x${hex.slice(2)}`;
}

/** Bytes as `pg` reads them. */
export function hexOf(bytes: Buffer): Hex {
  return `0x${bytes.toString("hex")}`;
}
