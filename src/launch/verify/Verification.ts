import type { Address, Hex } from "viem";
import type { BlockRef } from "../../chain/blocks.ts";
import type { Phase } from "../../sdk/phase.ts";
import type { Terms } from "../../sdk/terms.ts";

/** One thing that was recomputed. */
export type Check = { name: string; ok: boolean; got: string; wanted: string };

/** Where units lie, by holder; base units. */
export type Ledger = { holder: string; amount: bigint }[];

/** What a stranger finds with a node alone. Where the code is not Slipway's nothing further is looked at. */
export type Verification = {
  ok: boolean;
  chainId: number;
  sale: Address;
  /** Everything was read at this block. */
  block: BlockRef;
  checks: Check[];
  found?: Found;
};

export type Found = {
  terms: Terms;
  termsHash: Hex;
  token: Address;
  phase: Phase;
  entries: number;
  buyers: number;
  raised: bigint;
  currency: Ledger;
  tokens: Ledger;
  /** Money in positions after each entry. */
  series: bigint[];
};

export type Checks = {
  list: Check[];
  /** Remembers the comparison, and answers whether it holds. */
  same: (name: string, got: unknown, wanted: unknown) => boolean;
  /** As `same`, of something that must be at least so much. */
  atLeast: (name: string, got: bigint, least: bigint) => boolean;
};

export function createChecks(): Checks {
  const list: Check[] = [];
  const text = (value: unknown): string => (typeof value === "string" ? value.toLowerCase() : String(value));
  const add = (name: string, ok: boolean, got: string, wanted: string): boolean => {
    list.push({ name, ok, got, wanted });
    return ok;
  };
  return {
    list,
    same: (name, got, wanted) => add(name, text(got) === text(wanted), text(got), text(wanted)),
    atLeast: (name, got, least) => add(name, got >= least, String(got), `at least ${String(least)}`),
  };
}
