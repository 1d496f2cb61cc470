// npm run prove -- sim [--seeds N] [--from N] [--json]: the real engine and store against a simulated chain and seeded
// faults of RPC and database; the copy is compared with the truth by digest.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { testDatabase } from "../test/support/postgres.ts";
import { keptSeeds } from "./sim/keptSeeds.ts";
import type { Outcome } from "./sim/runSeed.ts";

const leash = fileURLToPath(new URL("../scripts/leash.cjs", import.meta.url));

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { seeds: { type: "string" }, from: { type: "string" }, json: { type: "boolean" } },
  });
  const [count, first] = [wholeNumber("--seeds", values.seeds, 200), wholeNumber("--from", values.from, 1)];
  const seeds = [...keptSeeds, ...Array.from({ length: count }, (_, index) => first + index)];

  let [wrong, halted, needless, done] = [0, 0, 0, 0];
  const left = seeds.values();
  /** Takes seeds until none is left. */
  async function lane(): Promise<void> {
    const child = fork(fileURLToPath(new URL("sim/lane.ts", import.meta.url)), [await testDatabase()], {
      execArgv: ["--require", leash, "--import", "tsx"],
    });
    const died = once(child, "exit").then(([code]) => {
      throw new Error(`a lane ended with ${String(code)} before its seed did`);
    });
    died.catch(() => undefined);
    for (const seed of left) {
      const told = once(child, "message");
      child.send(seed);
      const [outcome] = (await Promise.race([told, died])) as [Outcome];
      if (outcome.end === "wrong") {
        wrong += 1;
        console.log(`✗ seed ${String(seed)}: ${outcome.why}`);
      }
      if (outcome.end === "halted") {
        halted += 1;
        if (!outcome.due) {
          needless += 1;
          console.log(`– seed ${String(seed)} halted without need: ${outcome.reason}`);
        }
      }
      if (++done % 100 === 0) console.log(`  ${String(done)} of ${String(seeds.length)} seeds`);
    }
    child.kill();
  }
  await Promise.all([lane(), lane()]);

  console.log(
    `${String(seeds.length)} seeds: ${String(seeds.length - wrong - halted)} right, ${String(halted)} halted with the reason (${String(needless)} without need), ${String(wrong)} wrong`,
  );
  if (values.json === true) console.log(JSON.stringify({ seeds: seeds.length, wrong, halted }));
  process.exitCode = wrong > 0 ? 1 : 0;
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`${name}: got ${text}, wanted a whole number`);
}
