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
  /** The function, modifier or else contract that it is in. */
  of: string;
  /** Counts from 0 those that have all of this in common: file, `of`, `kind`, `from` and `to`. */
  nth: number;
  /** What to put behind a switch, where the change can be made so (`switched.ts`): whole expressions, or a statement. */
  pieces: readonly Piece[] | undefined;
};

/** Text of the file from byte `start` to `end`, and what a mutant has there instead. */
export type Piece = { start: number; end: number } & (
  | { is: "expression"; to: string }
  /** Only ever taken out. */
  | { is: "statement" | "assembly statement" }
  /** Only ever one more. */
  | { is: "assembly number" }
);

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

const INSTRUCTIONS: Record<string, string> = {
  add: "sub",
  sub: "add",
  mul: "div",
  div: "mul",
  and: "or",
  or: "and",
  shl: "shr",
  shr: "shl",
  lt: "gt",
  gt: "lt",
};
const NAMED = ["ContractDefinition", "FunctionDefinition", "ModifierDefinition"];

/** Every single change of one contract file that a test should notice. */
export function findMutants(file: string, source: string, tree: Node): Mutant[] {
  const bytes = Buffer.from(source);
  const mutants: Mutant[] = [];

  const text = (start: number, end: number) => bytes.subarray(start, end).toString();
  const textOf = (node: Node) => text(rangeOf(node).start, rangeOf(node).end);
  let of = "";
  let constant = false;
  /** Switched in `whole`, the expression around the change, or in the pieces given. */
  function add(kind: string, start: number, end: number, to: string, whole?: Node | readonly Piece[]): void {
    const from = text(start, end);
    if (from === to) return;
    const id = createHash("sha256")
      .update(JSON.stringify([file, source, start, end, to]))
      .digest("hex");
    const line = text(0, start).split("\n").length;
    const pieces = constant || whole === undefined ? undefined : piecesOf(whole, start, end, to);
    const nth = mutants.filter(
      (m) => m.of === of && m.kind === kind && m.from === from && m.to === to,
    ).length;
    mutants.push({ id: id.slice(0, 12), file, line, kind, start, end, from, to, of, nth, pieces });
  }
  function piecesOf(
    whole: Node | readonly Piece[],
    start: number,
    end: number,
    to: string,
  ): readonly Piece[] {
    if (!("nodeType" in whole)) return whole;
    const range = rangeOf(whole);
    return [{ is: "expression", ...range, to: text(range.start, start) + to + text(end, range.end) }];
  }
  const replace = (kind: string, node: Node, to: string) =>
    add(kind, rangeOf(node).start, rangeOf(node).end, to, node);

  /** With its semicolon, which is not always part of a statement in the tree. */
  function remove(node: Node): void {
    const range = rangeOf(node);
    const end = text(range.end, range.end + 1) === ";" ? range.end + 1 : range.end;
    add("statement", range.start, end, "{}", [{ is: "statement", start: range.start, end }]);
  }

  function replaceOperator(node: Node, table: Record<string, string>, kind: string, whole = node): void {
    const to = table[node.operator!];
    if (to === undefined) return;
    const left = (node.leftExpression ?? (node as { leftHandSide?: Node }).leftHandSide)!;
    const start = bytes.indexOf(node.operator!, rangeOf(left).end);
    add(kind, start, start + node.operator!.length, to, whole);
  }

  function replaceName(node: Node): void {
    const to = INSTRUCTIONS[node.name!];
    if (to !== undefined) add("operator", rangeOf(node).start, rangeOf(node).end, to);
  }

  function mutateCall(node: Node): void {
    const args = node.arguments ?? [];
    for (const [index, arg] of args.entries()) {
      const next = args[index + 1];
      if (next !== undefined && typeOf(arg) === typeOf(next)) {
        const [a, b] = [rangeOf(arg), rangeOf(next)];
        add("arguments", a.start, b.end, textOf(next) + text(a.end, b.start) + textOf(arg), [
          { is: "expression", ...a, to: textOf(next) },
          { is: "expression", ...b, to: textOf(arg) },
        ]);
      }
    }

    const encodes = ["encode", "encodePacked"].includes(node.expression?.memberName ?? "");
    if (encodes && args.length > 1) {
      for (const [index, arg] of args.entries()) {
        const [start, end] =
          index === 0
            ? [rangeOf(arg).start, rangeOf(args[1]!).start]
            : [rangeOf(args[index - 1]!).end, rangeOf(arg).end];
        add("field", start, end, "", node);
      }
    }
    if (node.kind === "structConstructorCall") {
      for (const arg of args) {
        const zero = zeroOf(typeOf(arg));
        if (zero !== undefined) replace("field", arg, zero);
      }
    }
  }

  /** `literal` is the whole expression of literals alone that a node stands in: only as a whole has it a type to switch. */
  function visit(node: Node, literal?: Node): void {
    if (NAMED.includes(node.nodeType)) of = node.name || node.kind || of;
    if (node.nodeType === "VariableDeclaration") constant = node.constant === true;
    literal = typeOf(node).startsWith("int_const") ? (literal ?? node) : undefined;
    switch (node.nodeType) {
      case "BinaryOperation":
        replaceOperator(node, BOUNDARIES, "boundary", literal);
        replaceOperator(node, OPERATORS, "operator", literal);
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
        if (node.kind === "modifierInvocation") add("modifier", rangeOf(node).start, rangeOf(node).end, "");
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
              literal ?? node,
            );
          }
        }
        break;
      case "ForStatement":
        // Its loop expression is a statement only to the syntax tree.
        childrenOf(node)
          .filter((child) => child.nodeType !== "ExpressionStatement")
          .forEach((child) => visit(child));
        return;
      case "YulExpressionStatement":
        add("statement", rangeOf(node).start, rangeOf(node).end, "{}", [
          { is: "assembly statement", ...rangeOf(node) },
        ]);
        break;
      case "YulFunctionCall":
        replaceName(node.functionName!);
        break;
      case "YulLiteral":
        if (node.kind === "number") {
          const { start, end } = rangeOf(node);
          add("number", start, end, String(BigInt(node.value!) + 1n), [
            { is: "assembly number", start, end },
          ]);
        }
        break;
      case "UserDefinedTypeName":
      case "ElementaryTypeName":
      case "ArrayTypeName":
        return;
    }
    childrenOf(node).forEach((child) => visit(child, literal));
    if (node.nodeType === "VariableDeclaration") constant = false;
  }

  visit(tree);
  return mutants;
}

function typeOf(node: Node): string {
  return node.typeDescriptions?.typeString ?? "?";
}

function zeroOf(type: string): string | undefined {
  if (/^u?int\d*$/.test(type)) return `${type}(0)`;
  if (type === "address") return "address(0)";
  if (type === "bool") return "false";
  if (/^bytes\d+$/.test(type)) return `${type}(0)`;
  return undefined;
}
