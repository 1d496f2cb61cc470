// `npm start`: a whole launch on this machine, from the launch file to a listed pool, by the same programs that run a
// real one; then a second sale that stays open for whoever started it. See scripts/demo/options.ts for the options.
import { explain, SlipwayError } from "../src/sdk/problem.ts";
import { stringify } from "../src/sdk/json.ts";
import { parseOptions, usage } from "./demo/options.ts";
import { createProcesses } from "./demo/processes.ts";
import { runLaunch } from "./demo/runLaunch.ts";
import { createScreen } from "./demo/screen.ts";
import { openSecondSale } from "./demo/secondSale.ts";
import { openWorld } from "./demo/world.ts";

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`✗ ${error instanceof SlipwayError ? explain(error) : unforeseen(error)}\n`);
  process.exitCode = 1;
}
// A request that nobody answers any more must not hold up the end.
process.exit();

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }

  const startedAt = performance.now();
  const screen = createScreen({ quiet: options.json });
  const interrupted = Promise.withResolvers<number>();
  const processes = createProcesses({ onDeath: interrupted.reject });
  const undos: (() => Promise<void>)[] = [];
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      interrupted.resolve(code);
    });
  }

  const launch = (async () => {
    const atEnd = (undo: () => Promise<void>) => undos.unshift(undo);
    const world = await openWorld({ options, screen, processes, atEnd });
    const result = await runLaunch({ options, screen, world });
    const seconds = (performance.now() - startedAt) / 1000;
    screen.line(
      `Refused ${String(result.refusedInAll)}, each with its code (--json)${`${seconds.toFixed(1)} s`.padStart(29)}`,
    );
    if (options.json) process.stdout.write(`${stringify(result.json)}\n`);
    if (!result.json.accounted) {
      throw new SlipwayError({
        code: "books-differ",
        message: `The books do not add up:\n  ${result.differences.join("\n  ")}`,
        wayOut: "This is a bug of Slipway: please report it with the seed.",
      });
    }
    if (options.once) return 0;
    await openSecondSale({ screen, world, running: result.running });
    return await interrupted.promise;
  })();

  try {
    return await Promise.race([launch, interrupted.promise]);
  } finally {
    if (!options.json && undos.length > 0) screen.line("stopping …");
    screen.close();
    await processes.stopAll();
    // What was under way fails now that nothing answers; what it has opened by then is undone as well.
    await Promise.race([launch.catch(() => undefined), new Promise((late) => setTimeout(late, 5_000))]);
    for (const undo of undos) await undo();
  }
}

function unforeseen(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = process.env["DEBUG"] !== undefined && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  return `${message} [unforeseen]\n→ Run it again; if it stays, report it with DEBUG=1 npm start.${stack}`;
}
