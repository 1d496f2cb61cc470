import { join, relative } from "node:path";
import ts from "typescript";

/**
 * Modules and those of the folder that they import, as JavaScript with types beside them, one for one: whoever bundles them
 * takes what it uses. `onlyTypes` need no package: the two names of viem that they have are written out.
 */
export function emitModules({
  from,
  files,
  to,
  onlyTypes = false,
}: {
  from: string;
  files: readonly string[];
  to: string;
  onlyTypes?: boolean;
}): void {
  const program = ts.createProgram(
    files.map((file) => join(from, file)),
    {
      ...{ rootDir: from, outDir: to, declaration: true, emitDeclarationOnly: onlyTypes, types: [] },
      ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: true },
      ...{ lib: ["lib.es2024.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"] },
      // `npm run check` has checked them.
      ...{ exactOptionalPropertyTypes: true, rewriteRelativeImportExtensions: true, noCheck: true },
    },
  );
  const { diagnostics } = program.emit(undefined, (file, text) => {
    ts.sys.writeFile(file, file.endsWith(".d.ts") ? declarations(text, onlyTypes) : text);
  });
  if (diagnostics.length > 0) {
    const words = diagnostics.map(
      ({ file, messageText }) =>
        `${relative(from, file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
    throw new Error(words.join("\n"));
  }
}

function declarations(text: string, withoutViem: boolean): string {
  // What lies beside them is JavaScript.
  const named = text.replaceAll(/(["']\.{1,2}\/[^"']*)\.ts(["'])/g, "$1.js$2");
  if (!withoutViem) return named;
  return named.replaceAll(/^import (?:type )?\{([^}]*)\} from "viem";$/gm, (_, names: string) =>
    names
      .split(",")
      .map((name) => `type ${name.replace("type ", "").trim()} = \`0x\${string}\`;`)
      .join("\n"),
  );
}
