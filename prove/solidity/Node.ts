/** A node of solc's syntax tree, as far as it is looked at. */
export type Node = {
  id: number;
  nodeType: string;
  /** offset:length:file, in bytes. */
  src: string;
  kind?: string;
  operator?: string;
  value?: string;
  name?: string;
  constant?: boolean;
  absolutePath?: string;
  memberName?: string;
  nodes?: Node[];
  leftExpression?: Node;
  rightExpression?: Node;
  subExpression?: Node;
  expression?: Node;
  condition?: Node;
  trueBody?: Node;
  functionName?: Node;
  falseBody?: Node | null;
  arguments?: Node[];
  typeDescriptions?: { typeString?: string };
};

export function rangeOf({ src }: Node): { start: number; end: number } {
  const [start, length] = src.split(":").map(Number);
  return { start: start!, end: start! + length! };
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === "object" && value !== null && "nodeType" in value);
}
