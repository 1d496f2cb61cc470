import type { Account, Address } from "viem";
import { SlipwayError } from "../../sdk/problem.ts";
import type { ChainClient } from "../sendToSale.ts";
import { act, type Acted } from "./act.ts";

export const releasable = ["fee", "treasury", "unsold"] as const;
export type Releasable = (typeof releasable)[number];

const functions = {
  fee: "releaseFee",
  treasury: "releaseTreasury",
  unsold: "releaseUnsold",
} as const satisfies Record<Releasable, string>;

/** Pays what is owed to those named in the terms; of what nothing is owed now, nothing is sent. */
export async function release({
  what,
  ...options
}: {
  client: ChainClient;
  account: Account | Address;
  sale: Address;
  what: readonly Releasable[];
  dryRun: boolean;
}): Promise<Partial<Record<Releasable, Acted>>> {
  const released: Partial<Record<Releasable, Acted>> = {};
  for (const one of what) {
    try {
      released[one] = await act({ ...options, call: { functionName: functions[one] } });
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.code !== "Sale_NothingToRelease") throw error;
    }
  }
  return released;
}
