/** The sums of the first 0, 1, 2 … layers, each at every one of `count` places: what each layer lies on, and ends at. */
export function stacked(layers: readonly (readonly number[])[], count: number): number[][] {
  const sums: number[][] = [Array.from({ length: count }, () => 0)];
  for (const values of layers) {
    const below = sums.at(-1) ?? [];
    sums.push(below.map((sum, k) => sum + (values[k] ?? 0)));
  }
  return sums;
}
