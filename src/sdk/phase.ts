/** Phases of a sale, numbered as `Phase` in contracts/interfaces/ISale.sol. */
export const phases = ["unfunded", "pending", "open", "closed", "succeeded", "listed", "failed"] as const;
export type Phase = (typeof phases)[number];

/** The phase that `Sale.phase()` answered. */
export function phaseOf(index: number): Phase {
  const phase = phases[index];
  if (phase === undefined)
    throw new RangeError(`No phase ${String(index)}; a sale has ${String(phases.length)}`);
  return phase;
}
