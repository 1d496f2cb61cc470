/** Adds the hits of each line in an lcov report, by file. */
export function readLcov(report: string, hits: Map<string, Map<number, number>>): void {
  let file = new Map<number, number>();
  for (const line of report.split("\n")) {
    if (line.startsWith("SF:")) {
      const name = line.slice(3);
      file = hits.get(name) ?? new Map<number, number>();
      hits.set(name, file);
    } else if (line.startsWith("DA:")) {
      const [at, count] = line.slice(3).split(",").map(Number);
      file.set(at!, (file.get(at!) ?? 0) + count!);
    }
  }
}
