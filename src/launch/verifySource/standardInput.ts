import { posix } from "node:path";
import { contractArtifact, packageFile } from "../../../deploy/artifacts.ts";

type CompilerInput = {
  sources: Record<string, { content: string }>;
  settings: { remappings?: readonly string[] };
};

/** A contract's source as an explorer compiles it again. */
export type StandardInput = {
  /** As the compiler saw it: "project/contracts/Sale.sol:Sale". */
  contract: string;
  compilerVersion: string;
  input: CompilerInput;
};

/** What `artifact` ("Sale.sol/Sale") was compiled from: it and what it imports, with the same settings. Throws `artifacts-missing`. */
export function standardInput(artifact: string): StandardInput {
  const { contractName, inputSourceName = "", buildInfoId = "" } = contractArtifact(artifact);
  const { solcLongVersion, input } = JSON.parse(packageFile(`artifacts/build-info/${buildInfoId}.json`)) as {
    solcLongVersion: string;
    input: CompilerInput;
  };

  const sources: CompilerInput["sources"] = {};
  const wanted = [inputSourceName];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const source = input.sources[name];
    if (source === undefined)
      throw new Error(`${inputSourceName} needs ${name}, which was not compiled with it`);
    if (name in sources) continue;
    sources[name] = source;
    wanted.push(...importsOf(name, source.content, input.settings.remappings ?? []));
  }
  return {
    contract: `${inputSourceName}:${contractName}`,
    compilerVersion: `v${solcLongVersion}`,
    input: { ...input, sources },
  };
}

/** Names that the compiler knows the imports of one source by. */
function importsOf(name: string, content: string, remappings: readonly string[]): string[] {
  return [...content.matchAll(/^import\s(?:[^;]*?from\s*)?"([^"]+)";/gm)].map(([, path = ""]) => {
    if (path.startsWith(".")) return posix.join(posix.dirname(name), path);
    for (const remapping of remappings) {
      const [, context = "", prefix = "", target = ""] = /^(?:(.*?):)?(.*)=(.*)$/.exec(remapping) ?? [];
      if (name.startsWith(context) && path.startsWith(prefix)) return target + path.slice(prefix.length);
    }
    return path;
  });
}
