import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Runs the sub-command named first in `args`: `<folder>/<name>.ts`, which exports `run(args)`. Without a name it lists
 * them; an unknown one ends in exit code 1.
 */
export async function runCommand(folder: string, args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  const command = `npm run ${basename(folder)} --`;
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(".ts") && file !== "main.ts")
        .map((file) => basename(file, ".ts"))
        .sort()
    : [];
  const list = names.length === 0 ? "  (none)" : names.map((each) => `  ${command} ${each}`).join("\n");

  if (name === undefined) {
    console.log(list);
    return;
  }
  if (!names.includes(name)) {
    console.error(`✗ ${command} ${name}: no such command. There are:\n${list}`);
    process.exitCode = 1;
    return;
  }

  const module = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as {
    run: (args: string[]) => Promise<void>;
  };
  await module.run(rest);
}
