/** What was counted, added up over the lines that the campaign's contract says. */
export type Tally = {
  calls: number;
  cells: Cell[];
  errors: { action: string; error: string; count: number }[];
  failures: { episode: string; why: string }[];
};

/** `forbidden`: of those refused, with the error by which the phase forbids the action. */
type Cell = {
  action: string;
  phase: string;
  allowed: boolean;
  passed: number;
  refused: number;
  forbidden: number;
};

/** How often an action came to what the design says of it in a phase. */
export function reached({ allowed, passed, forbidden }: Cell): number {
  return allowed ? passed : forbidden;
}

export function emptyTally(): Tally {
  return { calls: 0, cells: [], errors: [], failures: [] };
}

export function tally(total: Tally, lines: readonly string[]): void {
  for (const line of lines) {
    const [kind, ...words] = line.split(" ");
    if (kind === "calls") total.calls += Number(words[0]);
    if (kind === "cell") addCell(total, words);
    if (kind === "error") addError(total, words);
    if (kind === "violation") total.failures.push({ episode: words[0]!, why: words[1]! });
  }
}

function addCell({ cells }: Tally, [action, phase, may, ...counts]: string[]): void {
  let cell = cells.find((each) => each.action === action && each.phase === phase);
  if (cell === undefined) {
    cell = {
      action: action!,
      phase: phase!,
      allowed: may === "allowed",
      ...{ passed: 0, refused: 0, forbidden: 0 },
    };
    cells.push(cell);
  }
  cell.passed += Number(counts[0]);
  cell.refused += Number(counts[1]);
  cell.forbidden += Number(counts[2]);
}

function addError({ errors }: Tally, [action, error, count]: string[]): void {
  let known = errors.find((each) => each.action === action && each.error === error);
  if (known === undefined) {
    known = { action: action!, error: error!, count: 0 };
    errors.push(known);
  }
  known.count += Number(count);
}
