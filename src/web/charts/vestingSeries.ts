import type { Schedule } from "../../sdk/terms.ts";
import { vested } from "../../sdk/vested.ts";

/** Tokens of one group, and how they come free. */
export type Group = { name: string; amount: bigint; schedule: Schedule };
/** `released[i][k]`: base units of group `i` that are free at `elapsed[k]` seconds after the listing. */
export type Series = { elapsed: bigint[]; released: bigint[][] };

/** More steps than a picture has room for are drawn as the line through some of them. */
const MOST_STEPS = 120n;

/**
 * What all groups have free at each moment that a picture needs: where a release begins, jumps, or ends, a jump as the
 * second before it and its own.
 */
export function vestingSeries(groups: readonly Pick<Group, "amount" | "schedule">[]): Series {
  const moments = new Set<bigint>([0n]);
  for (const { schedule } of groups) for (const at of momentsOf(schedule)) moments.add(at);
  const end = [...moments].reduce((a, b) => (a > b ? a : b));
  const elapsed = [...moments].filter((at) => at >= 0n && at <= end).sort((a, b) => (a < b ? -1 : 1));
  return {
    elapsed,
    released: groups.map(({ schedule, amount }) => elapsed.map((at) => vested(schedule, amount, at))),
  };
}

function momentsOf({ cliffSeconds, durationSeconds, steps }: Schedule): bigint[] {
  const jumps = [cliffSeconds, durationSeconds];
  const stride = BigInt(steps) / MOST_STEPS + 1n;
  for (let i = stride; i < BigInt(steps); i += stride) {
    jumps.push((i * durationSeconds + BigInt(steps) - 1n) / BigInt(steps));
  }
  return jumps.flatMap((at) => [at - 1n, at]);
}
