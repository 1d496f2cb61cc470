import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Runs the sub-command named first in `args`: `<folder>/<name>.ts`, which exports `run(args)`. Without a name it lists
 * them with the first sentence of each file; an unknown command or option ends in exit code 1.
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
  const usageOf = (each: string) => headOf(readFileSync(join(folder, `${each}.ts`), "utf8"));
  const list = names.length === 0 ? "  (none)" : names.map((each) => `  ${usageOf(each)}`).join("\n");

  if (name === undefined || name === "--help") {
    console.log(list);
    return;
  }
  if (!names.includes(name)) {
    console.error(`✗ ${command} ${name}: no such command. There are:\n${list}`);
    process.exitCode = 1;
    return;
  }
  if (rest.includes("--help")) {
    console.log(`  ${usageOf(name)}`);
    return;
  }

  const module = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as {
    run: (args: string[]) => Promise<void>;
  };
  try {
    await module.run(rest);
  } catch (error) {
    if (!isAboutOptions(error)) throw error;
    console.error(`✗ ${error.message.split(". ")[0] ?? ""}. Wanted:\n  ${usageOf(name)}`);
    process.exitCode = 1;
  }
}

/** The comment at the top of a file, in one line, up to the end of its first sentence. */
function headOf(text: string): string {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  const head = lines.slice(0, end).map((line) => line.slice(2).trim());
  return head.join(" ").split(/\.(?= |$)/)[0] ?? "";
}

function isAboutOptions(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
}
