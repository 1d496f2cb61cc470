/** From a domain to pixels, in a straight line; a domain of one value lies at the range's start. */
export function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]) {
  const span = to - from;
  return (value: number): number => (span === 0 ? start : start + ((value - from) / span) * (end - start));
}

/** Round values from zero to at least `most`, about `count` of them: 1, 2 or 5 times a power of ten apart. */
export function ticksTo(most: number, count: number): number[] {
  if (!(most > 0)) return [0];
  const raw = most / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(12)),
  );
}

export type Point = readonly [x: number, y: number];

/** A line through points, as SVG's `d`. */
export function linePath(points: readonly Point[]): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(x)},${round(y)}`).join("");
}

/** The area between a line and the one below it, which has the same places. */
export function areaPath(upper: readonly Point[], lower: readonly Point[]): string {
  return upper.length === 0 ? "" : `${linePath([...upper, ...lower.toReversed()])}Z`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
