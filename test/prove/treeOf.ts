import { createRequire } from "node:module";
import type { Node } from "../../prove/solidity/Node.ts";

const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };

type Output = { sources?: { A: { ast: Node } }; errors?: { severity: string; formattedMessage: string }[] };

/** The syntax tree of a small source; a source that does not compile is an error. */
export function treeOf(content: string): Node {
  const { sources, errors } = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { A: { content } },
        settings: { outputSelection: { "*": { "": ["ast"] } } },
      }),
    ),
  ) as Output;
  const wrong = errors?.find(({ severity }) => severity === "error");
  if (wrong !== undefined || sources === undefined) throw new Error(wrong?.formattedMessage ?? "no tree");
  return sources.A.ast;
}
