import type { Schedule } from "../../sdk/terms.ts";
import { vested } from "../../sdk/vested.ts";

/** A moment at which more of `amount` can be claimed, and how much of it then in all. */
export type Unlock = { time: bigint; vested: bigint };

const MONTH = 30n * 86_400n;
/** A calendar with more entries helps nobody. */
const MOST = 240n;

/**
 * When a schedule releases: each step; where it flows, the listing, the cliff's end, and from there each 30 days to the
 * end. Moments that release nothing are left out.
 */
export function unlockTimes(schedule: Schedule, amount: bigint, listedAt: bigint): Unlock[] {
  const { cliffSeconds, durationSeconds, steps } = schedule;
  const elapsed = new Set<bigint>([0n, cliffSeconds, durationSeconds]);
  const count = steps > 0 ? BigInt(steps) : durationSeconds / MONTH;
  const stride = count / MOST + 1n;
  for (let i = 1n; i <= count; i += stride) {
    // The first second in which the step is done.
    const at = steps > 0 ? (i * durationSeconds + BigInt(steps) - 1n) / BigInt(steps) : i * MONTH;
    if (at > cliffSeconds && at < durationSeconds) elapsed.add(at);
  }
  let before = 0n;
  return [...elapsed]
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((at) => {
      const now = vested(schedule, amount, at);
      const isMore = now > before;
      before = now;
      return isMore ? [{ time: listedAt + at, vested: now }] : [];
    });
}
