import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

export type Status = "killed" | "survived" | "compileError";
type Line = { id: string; status: Status; tests: string };

/**
 * What was found so far, a line for each mutant. `tests` names the state of the tests: a mutant that survived others
 * is tried again, one that was killed stays so.
 */
export function openResults(file: string, tests: string) {
  const known = new Map<string, Status>();
  mkdirSync(dirname(file), { recursive: true });
  for (const text of existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []) {
    if (text === "") continue;
    const line = JSON.parse(text) as Line;
    if (line.status === "survived" && line.tests !== tests) known.delete(line.id);
    else known.set(line.id, line.status);
  }

  function record(id: string, status: Status): void {
    known.set(id, status);
    appendFileSync(file, `${JSON.stringify({ id, status, tests } satisfies Line)}\n`);
  }

  return { of: (id: string) => known.get(id), record };
}
