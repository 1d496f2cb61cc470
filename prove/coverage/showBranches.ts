import { childrenOf, rangeOf, type Node } from "../solidity/Node.ts";

export type Shown = {
  text: string;
  /** What each added line stands for, by its number: one way that an `if` or a `?:` can go. */
  branches: Map<number, { line: number; what: string }>;
  /** The line in the original of a line in `text`. */
  originOf: (line: number) => number;
};

/**
 * The same program with a line of its own for either way of every `if` and `?:`, as coverage counts lines. A missing
 * `else` gets one; the condition of a `?:` goes through a function that has a line for true and one for false.
 */
export function showBranches(source: string, tree: Node): Shown {
  const bytes = Buffer.from(source);
  const lineAt = (offset: number) => bytes.subarray(0, offset).toString().split("\n").length;
  const insertions: { at: number; text: string; order: number }[] = [];
  const insert = (at: number, text: string) => insertions.push({ at, text, order: insertions.length });
  const markers: { line: number; what: string }[] = [];
  const mark = (node: Node, what: string) => {
    const { start, end } = rangeOf(node);
    const shown = bytes.subarray(start, end).toString().replaceAll(/\s+/g, " ");
    return `/*branch ${markers.push({ line: lineAt(start), what: `${shown} is ${what}` }) - 1}*/`;
  };

  function visit(node: Node): void {
    if (node.nodeType === "IfStatement") showIf(node);
    if (node.nodeType === "Conditional") showConditional(node.condition!);
    childrenOf(node).forEach(visit);
  }

  function showIf({ condition, trueBody, falseBody }: Node): void {
    insert(rangeOf(trueBody!).start, `{\n${mark(condition!, "true")} 0;\n`);
    insert(endOf(trueBody!), falseBody == null ? `} else {\n${mark(condition!, "false")} 0;\n}` : "}");
    if (falseBody == null) return;
    insert(rangeOf(falseBody).start, `{\n${mark(condition!, "false")} 0;\n`);
    insert(endOf(falseBody), "}");
  }

  /** After the semicolon, which is not always part of a statement in the tree. */
  function endOf(node: Node): number {
    const { end } = rangeOf(node);
    return bytes[end] === 0x3b ? end + 1 : end;
  }

  let functions = "";
  function showConditional(condition: Node): void {
    const name = `branch_${rangeOf(condition).start}_${tree.id}`;
    functions += `\nfunction ${name}(bool c) pure returns (bool) {\nif (c)\n${mark(condition, "true")} return true;\n${mark(condition, "false")} return false;\n}\n`;
    insert(rangeOf(condition).start, `${name}(`);
    insert(rangeOf(condition).end, ")");
  }

  visit(tree);
  // Of two at one place, what ends a statement comes before what follows it; inner ends come before outer ones.
  insertions.sort(
    (a, b) => a.at - b.at || (closes(a.text) && closes(b.text) ? b.order - a.order : a.order - b.order),
  );

  let text = "";
  let from = 0;
  const added: { line: number; lines: number }[] = [];
  for (const { at, text: inserted } of insertions) {
    text += bytes.subarray(from, at).toString();
    added.push({ line: text.split("\n").length, lines: inserted.split("\n").length - 1 });
    text += inserted;
    from = at;
  }
  text += bytes.subarray(from).toString() + functions;

  const branches: Shown["branches"] = new Map();
  for (const [index, line] of text.split("\n").entries()) {
    const marker = /\/\*branch (\d+)\*\//.exec(line)?.[1];
    if (marker !== undefined) branches.set(index + 1, markers[Number(marker)]!);
  }
  return {
    text,
    branches,
    originOf: (line) =>
      line - added.filter((each) => each.line < line).reduce((sum, { lines }) => sum + lines, 0),
  };
}

function closes(text: string): boolean {
  return text.startsWith("}") || text === ")";
}
