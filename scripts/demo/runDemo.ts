import { stringify } from "../../src/sdk/json.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";
import type { DemoOptions } from "./options.ts";
import { createProcesses } from "./processes.ts";
import { runLaunch } from "./runLaunch.ts";
import { createScreen } from "./screen.ts";
import { openSecondSale } from "./secondSale.ts";
import { openWorld } from "./world.ts";

/** The whole demo; answers the exit code. Whatever ends it, nothing goes on running. */
export async function runDemo(options: DemoOptions): Promise<number> {
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
    const refused = `Refused ${String(result.refusedInAll)}, each with its code (--json)`;
    screen.line(`${refused.padEnd(55)} in all ${seconds.toFixed(1).padStart(5)} s`);
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
