import type { Mutant, Piece } from "./findMutants.ts";

/** What the compiled code compares each mutant's number with. A code with another number here is another mutant. */
const NUMBER = "c7a1f3d95e8b2604d19f7ac30b6e58f1a94d27c3e0851b6f3d92a7c4e1580b9d";

/** Calldata is never that long, which the optimizer cannot know: it would decide each comparison beforehand. */
const isOn = (number: number | string) => `eq(${number}, and(0x${NUMBER}, not(shr(64, calldatasize()))))`;

const SWITCH = `
function isMutant_(uint256 which) pure returns (bool yes) {
    assembly ("memory-safe") {
        yes := ${isOn("which")}
    }
}
`;

export type Switched = { source: string; placed: readonly Placed[] };
/** Where a mutant's piece came to lie in the new source, in bytes. */
type Placed = { mutant: Mutant; start: number; end: number };

/** Splits mutants of one file into groups of at most `most` whose pieces do not overlap; one without pieces is alone. */
export function groups(mutants: readonly Mutant[], most: number): Mutant[][] {
  const found: Mutant[][] = [];
  const overlap = (a: Piece, b: Piece) => a.start < b.end && b.start < a.end;
  for (const mutant of mutants) {
    const fits = found.find(
      (group) =>
        group.length < most &&
        group.every(({ pieces }) => pieces?.every((a) => mutant.pieces?.every((b) => !overlap(a, b)))),
    );
    if (fits === undefined) found.push([mutant]);
    else fits.push(mutant);
  }
  return found;
}

/** The file with all of them in it, each behind a switch. They count from 1 in the order of `mutants`. */
export function switchedSource(source: string, mutants: readonly Mutant[]): Switched {
  const bytes = Buffer.from(source);
  const pieces = mutants
    .flatMap((mutant, index) => mutant.pieces!.map((piece) => ({ mutant, number: index + 1, piece })))
    .sort((a, b) => a.piece.start - b.piece.start);
  const parts: Buffer[] = [];
  const placed: Placed[] = [];
  let [from, length] = [0, 0];
  function put(part: Buffer): void {
    parts.push(part);
    length += part.length;
  }
  for (const { mutant, number, piece } of pieces) {
    put(bytes.subarray(from, piece.start));
    const at = length;
    put(Buffer.from(behindSwitch(piece, number, bytes.subarray(piece.start, piece.end).toString())));
    placed.push({ mutant, start: at, end: length });
    from = piece.end;
  }
  put(bytes.subarray(from));
  return { source: Buffer.concat(parts).toString() + SWITCH, placed };
}

function behindSwitch(piece: Piece, number: number, was: string): string {
  switch (piece.is) {
    case "expression":
      return `(isMutant_(${number}) ? (${piece.to}) : (${was}))`;
    case "statement":
      return `if (!isMutant_(${number})) { ${was} }`;
    case "assembly statement":
      return `if iszero(${isOn(number)}) { ${was} }`;
    case "assembly number":
      return `add(${was}, ${isOn(number)})`;
  }
}

/** Hex code of the contract with only the mutant of that number on; 0 is the contract unchanged. */
export function turnOn(code: string, number: number): string {
  return code.replaceAll(NUMBER, number.toString(16).padStart(64, "0"));
}
