import type { EntryJson } from "../../sdk/indexerApi.ts";

/** Money in positions after each moment at which it changed; base units, seconds. */
export type Raised = { time: number; raised: bigint };

/** Adds the history up: purchases in, withdrawals and ejections out. Of one block's entries the last counts. */
export function raisedOver(
  entries: readonly (Pick<EntryJson, "kind" | "amount"> & { block: { time: number } })[],
): Raised[] {
  const points: Raised[] = [];
  let raised = 0n;
  for (const { kind, amount, block } of entries) {
    if (kind === "purchase") raised += BigInt(amount);
    if (kind === "withdraw" || kind === "eject") raised -= BigInt(amount);
    if (points.at(-1)?.time === block.time) points.pop();
    points.push({ time: block.time, raised });
  }
  return points;
}
