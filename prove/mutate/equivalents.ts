/** A mutant that no test can notice, named by its file, its changed text and how it was changed. */
export type Equivalent = { file: string; from: string; to: string; why: string };

export const equivalents: readonly Equivalent[] = [];
