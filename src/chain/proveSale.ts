import type { Address, Hex } from "viem";
import { replayEntry, type Replayed } from "../sdk/replay.ts";
import { fastHistoryNext } from "./fastHistory.ts";
import type { HistoryEvent, SaleEvent } from "./saleEvents.ts";

/** What the sale itself says at a block; `undefined` where the node has no state of that block. */
export type SaleState = { history: Hex; raised: bigint; phase: number };

/** Why events and chain do not fit together. */
export type Mismatch = {
  sale: Address;
  /** `entry`: an event does not continue the history; `boundary`: the sale's own history differs after all events. */
  at: "entry" | "boundary";
  sequence: number;
  got: string;
  wanted: string;
  block: number;
  transaction: Hex | null;
};

export type Proof = { ok: true; after: Replayed } | { ok: false; mismatch: Mismatch };

/**
 * Replays the events of one sale, in order, from `before`, and compares with the hash in each event and with the sale's
 * own state at `block`. One that is missing, doubled, changed or foreign breaks one of the comparisons.
 */
export function proveSale({
  sale,
  before,
  events,
  state,
  block,
}: {
  sale: Address;
  before: Replayed;
  events: readonly SaleEvent[];
  state: SaleState | undefined;
  block: number;
}): Proof {
  let after = before;
  for (const event of events) {
    if (event.type !== "entry") continue;
    after = replayEntry(after, event.entry, fastHistoryNext);
    if (after.history !== event.history) return broken(sale, after, event);
  }

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

function broken(sale: Address, after: Replayed, event: HistoryEvent): Proof {
  const mismatch: Mismatch = {
    sale,
    at: "entry",
    sequence: after.sequence,
    got: after.history,
    wanted: event.history,
    block: event.block.number,
    transaction: event.transaction,
  };
  return { ok: false, mismatch };
}
