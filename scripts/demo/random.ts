/** A small seeded generator (mulberry32, public domain): the demo repeats exactly by its seed. Not for secrets. */
export type Random = {
  /** 0 ≤ x < 1 */
  next: () => number;
  /** `bytes` random bytes as hex, without 0x. */
  hex: (bytes: number) => string;
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  return {
    next,
    hex: (bytes) =>
      Array.from({ length: bytes }, () =>
        Math.floor(next() * 256)
          .toString(16)
          .padStart(2, "0"),
      ).join(""),
  };
}
