// `npm start`: a whole launch on this machine, from the launch file to a listed pool, by the same programs that run a
// real one; then a second sale that stays open for whoever started it. See scripts/demo/options.ts for the options.
import { explain, SlipwayError } from "../src/sdk/problem.ts";
import { parseOptions, usage } from "./demo/options.ts";

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
  } else {
    // Only now, as it reads the launch file, which may have problems to tell.
    const { runDemo } = await import("./demo/runDemo.ts");
    process.exitCode = await runDemo(options);
  }
} catch (error) {
  process.stderr.write(`✗ ${error instanceof SlipwayError ? explain(error) : unforeseen(error)}\n`);
  process.exitCode = 1;
}
// A request that nobody answers any more must not hold up the end.
process.exit();

function unforeseen(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = process.env["DEBUG"] !== undefined && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  return `${message} [unforeseen]\n→ Run it again; if it stays, report it with DEBUG=1 npm start.${stack}`;
}
