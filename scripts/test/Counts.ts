/** What one runner reports, over IPC, when it is done. */
export type Counts = { passed: number; failed: number; skipped: number };

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Reports to scripts/test.ts and ends this process, whatever a test may have left running in it. */
export function report(counts: Counts): void {
  const end = () => process.exit(counts.failed > 0 ? 1 : 0);
  if (process.send === undefined) {
    console.log(summary(counts));
    end();
    return;
  }
  process.send(counts, undefined, undefined, end);
}
