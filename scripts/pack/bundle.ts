import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Entries with everything of ours, and of npm but for `external`, as ES modules for Node in `dist`, all in one folder: what is
 * read beside the code is found from each chunk. Answers the packages that they import.
 */
export async function bundle({
  entries,
  folder,
  external,
}: {
  entries: Readonly<Record<string, string>>;
  folder: string;
  external: readonly RegExp[];
}): Promise<string[]> {
  const built = await build({
    ...{ configFile: false, root, logLevel: "error" },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(folder, "dist"),
      ...{ target: "node20", minify: false, copyPublicDir: false },
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([key, file]) => [key, join(root, file)])),
        external: [...external],
        output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  const { output } = built as Rollup.RolldownOutput;
  const imported = output.flatMap((one) =>
    one.type === "chunk" ? [...one.imports, ...one.dynamicImports] : [],
  );
  const names = imported
    .filter((name) => !/^[./]|^node:|\.js$/.test(name) && !builtinModules.includes(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  return [...new Set(names)].sort();
}
