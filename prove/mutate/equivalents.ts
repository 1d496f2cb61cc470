/** A mutant that no test can notice: where it is, as `Mutant` says it, and why. */
export type Equivalent = {
  file: string;
  of: string;
  kind: string;
  from: string;
  to: string;
  /** 0 where it is not said. */
  nth?: number;
  why: string;
};

export const equivalents: readonly Equivalent[] = [];
