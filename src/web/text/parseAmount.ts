export type ParsedAmount =
  { ok: true; amount: bigint } | { ok: false; problem: "empty" | "not-a-number" | "too-fine" };

/** A typed amount in base units: digits with at most one point; spaces between digits do not matter. Nothing is rounded. */
export function parseAmount(text: string, decimals: number): ParsedAmount {
  const compact = text.replaceAll(/[\s\u00a0\u202f_']/g, "");
  if (compact === "") return { ok: false, problem: "empty" };
  const [, whole = "", fraction = ""] = /^(\d{0,60})(?:\.(\d{0,60}))?$/.exec(compact) ?? [];
  if (whole + fraction === "") return { ok: false, problem: "not-a-number" };

  const fine = fraction.replace(/0+$/, "");
  if (fine.length > decimals) return { ok: false, problem: "too-fine" };
  return { ok: true, amount: BigInt(whole + fine.padEnd(decimals, "0")) };
}
