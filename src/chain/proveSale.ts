import type { Address, Hex } from "viem";
import type { Replayed } from "../sdk/replay.ts";
import { hexAt, numberAt, type PackedEntries } from "./packedEntries.ts";
import { replayPacked } from "./replayPacked.ts";

/** What the sale itself says at a block; `undefined` where the node has no state of that block. */
export type SaleState = { history: Hex; raised: bigint; phase: number };

/** Why events and chain do not fit together. */
export type Mismatch = {
  sale: Address;
  /**
   * `entry`: an event does not continue the history; `boundary`: the sale's own history differs after all events; `total`:
   * events outside the history do not add up to what the contracts say.
   */
  at: "entry" | "boundary" | "total";
  sequence: number;
  /** What was asked for, where it is a total. */
  what?: string;
  got: string;
  wanted: string;
  block: number;
  transaction: Hex | null;
};

export type Proof = { ok: true; after: Replayed } | { ok: false; mismatch: Mismatch };

/**
 * Replays the entries of one sale, in order, from `before`, and compares with the hash in each event and with the sale's
 * own state at `block`. One that is missing, doubled, changed or foreign breaks one of the comparisons.
 */
export function proveSale({
  sale,
  before,
  entries,
  state,
  block,
}: {
  sale: Address;
  before: Replayed;
  entries: PackedEntries;
  state: SaleState | undefined;
  block: number;
}): Proof {
  const replay = replayPacked(before, entries);
  if (!replay.ok) {
    const { index, sequence, got } = replay;
    return {
      ok: false,
      mismatch: {
        ...{ sale, at: "entry", sequence, got, wanted: hexAt(entries, index, "history") },
        ...{ block: numberAt(entries, index, "block"), transaction: hexAt(entries, index, "transaction") },
      },
    };
  }

  const { after } = replay;
  const wrong =
    state === undefined || (state.history === after.history && state.raised === after.raised)
      ? undefined
      : ({
          sale,
          at: "boundary",
          sequence: after.sequence,
          got: `${after.history}, raised ${String(after.raised)}`,
          wanted: `${state.history}, raised ${String(state.raised)}`,
          block,
          transaction: null,
        } satisfies Mismatch);
  return wrong === undefined ? { ok: true, after } : { ok: false, mismatch: wrong };
}
