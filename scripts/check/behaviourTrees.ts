import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * The differences between the behaviour trees of `folder` (`*.tree`) and the tests beside them, both ways. A tree is
 * headed by the test contract whose branches it shows; a leaf is `it …`, with the words of a test's name.
 */
export function treeProblems(folder: string): string[] {
  const sources = globSync("**/*.t.sol", { cwd: folder }).map((file) =>
    readFileSync(join(folder, file), "utf8"),
  );
  return globSync("**/*.tree", { cwd: folder })
    .sort()
    .flatMap((file) => {
      const tree = readFileSync(join(folder, file), "utf8");
      return problemsOfTree(tree, sources).map(
        (problem) => `${join(basename(dirname(file)), file)}: ${problem}`,
      );
    });
}

export function problemsOfTree(tree: string, sources: readonly string[]): string[] {
  const [contract = "", ...lines] = tree.trimEnd().split("\n");
  const tests = sources.map((source) => testsOf(contract, source)).find((found) => found !== undefined);
  if (tests === undefined) return [`no test contract is called ${contract}`];

  const problems: string[] = [];
  const leaves: string[] = [];
  for (const [index, line] of lines.entries()) {
    const [, indent, text] = /^([│├└─ ]*?── )(.*)$/.exec(line) ?? [];
    if (indent === undefined || text === undefined) problems.push(`${line}: not a line of a tree`);
    else if (text.startsWith("it ")) leaves.push(text.slice(3));
    else if (!/^(given|when) /.test(text)) problems.push(`${text}: neither given, when nor it`);
    else if (depthOf(lines[index + 1]) <= depthOf(line)) problems.push(`${text}: nothing follows from it`);
  }

  for (const leaf of leaves.filter((leaf, index) => leaves.indexOf(leaf) !== index)) {
    problems.push(`it ${leaf}: twice`);
  }
  for (const leaf of leaves.filter((leaf) => !tests.includes(leaf)))
    problems.push(`it ${leaf}: no such test`);
  for (const test of tests.filter((test) => !leaves.includes(test)))
    problems.push(`it ${test}: not in the tree`);
  return problems;
}

/** The tests of one contract as words, without the threat that a test is named after. */
function testsOf(contract: string, source: string): string[] | undefined {
  const body = new RegExp(`^contract ${contract} [^]*?^}`, "m").exec(source)?.[0];
  if (body === undefined) return undefined;
  return [...body.matchAll(/function test(?:Fuzz)?_(?:(?:Threat|T|R)R?\d+_)?(\w+)/g)].map(([, name]) =>
    name!.replaceAll("_", " "),
  );
}

function depthOf(line: string | undefined): number {
  return line?.indexOf("── ") ?? -1;
}
