import type { Clock } from "../../chain/clock.ts";
import type { Finding } from "./Finding.ts";
import type { Diagnosis } from "./runDoctor.ts";

/** What a look found that the look before did not. */
export type Change = {
  /** Milliseconds since 1970. */
  at: number;
  state: Diagnosis["state"];
  changed: Finding[];
  /** Names of what could not be looked at any more. */
  gone: string[];
};

/** Looks again and again until stopped; says all the first time, then what has changed. */
export async function* watchDoctor({
  look,
  clock,
  everyMs,
  signal,
}: {
  look: () => Promise<Diagnosis>;
  clock: Clock;
  everyMs: number;
  signal: AbortSignal;
}): AsyncGenerator<Change> {
  let before: Diagnosis | undefined;
  while (!signal.aborted) {
    const now = await look();
    const change = changesSince(before, now);
    const differs = change.changed.length > 0 || change.gone.length > 0 || before?.state !== now.state;
    if (differs) yield { at: clock.now(), state: now.state, ...change };
    before = now;
    await clock.sleep(everyMs, signal);
  }
}

/** Of what is green, numbers come and go: only what is not is told again when its words change. */
function changesSince(
  before: Diagnosis | undefined,
  { findings }: Diagnosis,
): Pick<Change, "changed" | "gone"> {
  const known = new Map(before?.findings.map((finding) => [finding.name, finding]));
  const changed = findings.filter(({ name, state, got }) => {
    const old = known.get(name);
    return old === undefined || old.state !== state || (state !== "green" && old.got !== got);
  });
  const names = new Set(findings.map(({ name }) => name));
  return { changed, gone: [...known.keys()].filter((name) => !names.has(name)) };
}
