/** One seam between two parts of a launch. Unknown is what nobody could tell: it is never green. */
export type Finding = {
  /** Stable: "signer.sale". */
  name: string;
  state: "green" | "red" | "unknown";
  got: string;
  wanted: string;
  /** What to do; empty where it is green. */
  fix: string;
};

/** Does it hold, what was got, what was wanted. */
export type Told = readonly [holds: boolean, got: string, wanted: string];

export type Findings = {
  list: Finding[];
  same: (name: string, got: unknown, wanted: unknown, fix: string) => void;
  must: (name: string, holds: boolean, got: string, wanted: string, fix: string) => void;
  /** Unknown where a service left the value out, else what `check` makes of it. */
  told: <T>(name: string, value: T | undefined, fix: string, check: (value: T) => Told) => void;
  unknown: (name: string, why: string, fix: string) => void;
};

export function createFindings(): Findings {
  const list: Finding[] = [];
  const must: Findings["must"] = (name, holds, got, wanted, fix) =>
    void list.push({ name, state: holds ? "green" : "red", got, wanted, fix: holds ? "" : fix });
  const text = (value: unknown): string => String(value).toLowerCase();
  const unknown: Findings["unknown"] = (name, why, fix) =>
    void list.push({ name, state: "unknown", got: why, wanted: "an answer", fix });
  return {
    list,
    must,
    same: (name, got, wanted, fix) => must(name, text(got) === text(wanted), text(got), text(wanted), fix),
    told: (name, value, fix, check) => {
      if (value === undefined) unknown(name, "not reported", fix);
      else must(name, ...check(value), fix);
    },
    unknown,
  };
}
