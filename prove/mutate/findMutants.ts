import { createHash } from "node:crypto";
import { childrenOf, rangeOf, type Node } from "../solidity/Node.ts";

export type Mutant = {
  /** Stays as long as the file does. */
  id: string;
  file: string;
  line: number;
  /** What was done: `boundary`, `operator`, `statement`, `condition`, `arguments`, `field`, `modifier`, `number`. */
  kind: string;
  /** In bytes of the file. */
  start: number;
  end: number;
  from: string;
  to: string;
};

const BOUNDARIES: Record<string, string> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const OPERATORS: Record<string, string> = {
  "==": "!=",
  "!=": "==",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "/",
  "&&": "||",
  "||": "&&",
  "&": "|",
  "|": "&",
  "<<": ">>",
  ">>": "<<",
};
const ASSIGNMENTS: Record<string, string> = { "+=": "-=", "-=": "+=" };

/** Every single change of one contract file that a test should notice. */
export function findMutants(file: string, source: string, tree: Node): Mutant[] {
  const bytes = Buffer.from(source);
  const mutants: Mutant[] = [];

  const text = (start: number, end: number) => bytes.subarray(start, end).toString();
  const textOf = (node: Node) => text(rangeOf(node).start, rangeOf(node).end);
  function add(kind: string, start: number, end: number, to: string): void {
    const from = text(start, end);
    if (from === to) return;
    const id = createHash("sha256")
      .update(JSON.stringify([file, source, start, end, to]))
      .digest("hex");
    const line = text(0, start).split("\n").length;
    mutants.push({ id: id.slice(0, 12), file, line, kind, start, end, from, to });
  }
  const replace = (kind: string, node: Node, to: string) =>
    add(kind, rangeOf(node).start, rangeOf(node).end, to);

  /** With its semicolon, which is not always part of a statement in the tree. */
  function remove(node: Node): void {
    const { start, end } = rangeOf(node);
    add("statement", start, text(end, end + 1) === ";" ? end + 1 : end, "{}");
  }

  function replaceOperator(node: Node, table: Record<string, string>, kind: string): void {
    const to = table[node.operator!];
    if (to === undefined) return;
    const left = (node.leftExpression ?? (node as { leftHandSide?: Node }).leftHandSide)!;
    const start = bytes.indexOf(node.operator!, rangeOf(left).end);
    add(kind, start, start + node.operator!.length, to);
  }

  function mutateCall(node: Node): void {
    const args = node.arguments ?? [];
    for (const [index, arg] of args.entries()) {
      const next = args[index + 1];
      if (next !== undefined && typeOf(arg) === typeOf(next)) {
        const [a, b] = [rangeOf(arg), rangeOf(next)];
        add("arguments", a.start, b.end, textOf(next) + text(a.end, b.start) + textOf(arg));
      }
    }

    const encodes = ["encode", "encodePacked"].includes(node.expression?.memberName ?? "");
    if (encodes && args.length > 1) {
      for (const [index, arg] of args.entries()) {
        const [start, end] =
          index === 0
            ? [rangeOf(arg).start, rangeOf(args[1]!).start]
            : [rangeOf(args[index - 1]!).end, rangeOf(arg).end];
        add("field", start, end, "");
      }
    }
    if (node.kind === "structConstructorCall") {
      for (const arg of args) {
        const zero = zeroOf(typeOf(arg));
        if (zero !== undefined) replace("field", arg, zero);
      }
    }
  }

  function visit(node: Node): void {
    switch (node.nodeType) {
      case "BinaryOperation":
        replaceOperator(node, BOUNDARIES, "boundary");
        replaceOperator(node, OPERATORS, "operator");
        break;
      case "Assignment":
        replaceOperator(node, ASSIGNMENTS, "operator");
        break;
      case "UnaryOperation":
        if (node.operator === "!") replace("operator", node, `(${textOf(node.subExpression!)})`);
        break;
      case "ExpressionStatement":
      case "EmitStatement":
        remove(node);
        break;
      case "IfStatement":
        if (node.falseBody == null) remove(node);
        else replace("condition", node.condition!, "false");
        replace("condition", node.condition!, "true");
        break;
      case "Conditional":
        replace("condition", node.condition!, "true");
        replace("condition", node.condition!, "false");
        break;
      case "FunctionCall":
        mutateCall(node);
        break;
      case "ModifierInvocation":
        if (node.kind === "modifierInvocation") replace("modifier", node, "");
        break;
      case "Literal":
        if (node.kind === "number") {
          const digits = /^[0-9_]+/.exec(textOf(node));
          if (digits !== null && !textOf(node).startsWith("0x")) {
            const { start } = rangeOf(node);
            add(
              "number",
              start,
              start + digits[0].length,
              String(BigInt(digits[0].replaceAll("_", "")) + 1n),
            );
          }
        }
        break;
      case "ForStatement":
        // Its loop expression is a statement only to the syntax tree.
        childrenOf(node)
          .filter((child) => child.nodeType !== "ExpressionStatement")
          .forEach(visit);
        return;
      case "InlineAssembly":
      case "UserDefinedTypeName":
      case "ElementaryTypeName":
      case "ArrayTypeName":
        return;
    }
    childrenOf(node).forEach(visit);
  }

  visit(tree);
  return mutants;
}

function typeOf(node: Node): string {
  return node.typeDescriptions?.typeString ?? "?";
}

function zeroOf(type: string): string | undefined {
  if (/^u?int\d*$/.test(type)) return "0";
  if (type === "address") return "address(0)";
  if (type === "bool") return "false";
  if (/^bytes\d+$/.test(type)) return "0";
  return undefined;
}
