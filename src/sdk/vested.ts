import type { Schedule } from "./terms.ts";

/** What a schedule has released of `amount`, `elapsed` seconds after listing; as contracts/libraries/ScheduleLib.sol. */
export function vested(
  { initialBps, cliffSeconds, durationSeconds, steps }: Schedule,
  amount: bigint,
  elapsed: bigint,
): bigint {
  if (elapsed >= durationSeconds) return amount;

  const initial = (amount * BigInt(initialBps)) / 10_000n;
  if (elapsed < cliffSeconds) return initial;

  if (steps === 0) return initial + ((amount - initial) * elapsed) / durationSeconds;
  const stepsDone = (elapsed * BigInt(steps)) / durationSeconds;
  return initial + ((amount - initial) * stepsDone) / BigInt(steps);
}
