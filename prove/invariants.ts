// npm run prove -- invariants [--calls N] [--seed S] [--episode 0x…] [--json]: a campaign of N calls against the numbered
// invariants of test/contracts/invariant/README.md, on two processes. The same seed makes the same calls.
import { parseArgs } from "node:util";
import hre from "hardhat";
import { wholeNumber } from "../scripts/wholeNumber.ts";
import { campaignFile } from "./invariants/campaignFile.ts";
import { chunksOf } from "./invariants/chunksOf.ts";
import { createReasons } from "./invariants/createReasons.ts";
import { emptyTally, reached, type Tally, tally } from "./invariants/tally.ts";
import { startWorker, type Worker } from "./invariants/startWorker.ts";

const WORKERS = 2;
const MOST_FAILURES = 3;
/** Of a million calls each cell of the matrix gets at least a thousand; fewer calls must reach each. */
const leastOf = (calls: number) => (calls < 1_000_000 ? 1 : Math.floor(calls / 1_000));

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: "string", default: "1000000" },
      seed: { type: "string", default: "slipway" },
      episode: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { seed, episode, json } = values;
  const wanted = wholeNumber("--calls", values.calls);

  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
  await hre.tasks.getTask("build").run({ files: [campaignFile], noContracts: true, quiet: true });
  if (episode !== undefined) {
    await explain(episode);
    return;
  }

  const started = performance.now();
  const total = await runCampaign(wanted, seed, started);
  const seconds = Math.round((performance.now() - started) / 1000);
  print(total);

  const least = leastOf(wanted);
  const short = total.cells.filter((cell) => reached(cell) < least);
  for (const cell of short) {
    const { action, phase, allowed } = cell;
    const came = `${allowed ? "passed" : "forbidden"} ${reached(cell)} times`;
    console.error(`✗ ${action} in ${phase}: ${came}, at least ${least} wanted`);
  }
  if (total.failures[0] !== undefined) await explain(total.failures[0].episode);
  if (short.length > 0 || total.failures.length > 0) process.exitCode = 1;

  console.log(
    `${total.calls.toLocaleString("en-US")} calls, ${total.failures.length} violations, ${seconds} s, seed ${seed}`,
  );
  if (json) {
    const matrix = Object.groupBy(total.cells, ({ action }) => action);
    const { calls, failures, errors } = total;
    console.log(
      JSON.stringify({ calls, violations: failures.length, matrix, errors, failures, seed, seconds }),
    );
  }
}

async function runCampaign(wanted: number, seed: string, started: number): Promise<Tally> {
  const chunks = chunksOf(wanted, seed);
  const total = emptyTally();
  const reasonOf = createReasons();

  const work = async (worker: Worker): Promise<void> => {
    for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
      const lines = await worker.run(chunk);
      const failures = total.failures.length;
      tally(total, lines);
      for (const { episode, why } of total.failures.slice(failures)) {
        console.error(`✗ ${reasonOf(why)}\n  npm run prove -- invariants --episode ${episode}`);
      }
      const rate = Math.round(total.calls / ((performance.now() - started) / 1000));
      console.log(
        `${total.calls.toLocaleString("en-US")} of ${wanted.toLocaleString("en-US")} calls, ${rate} a second, ${total.failures.length} violations`,
      );
      if (total.failures.length >= MOST_FAILURES) chunks.length = 0;
    }
  };

  const workers = Array.from({ length: Math.min(WORKERS, chunks.length) }, () => startWorker());
  try {
    await Promise.all(workers.map(work));
  } finally {
    for (const worker of workers) worker.end();
  }
  return total;
}

/** Runs a failing episode again with the steps that it needs, and prints them. */
async function explain(episode: string): Promise<void> {
  const reasonOf = createReasons();
  const worker = startWorker();
  try {
    const lines = await worker.run({ CAMPAIGN_EPISODE: episode });
    for (const line of lines.filter((each) => /^(step|violation) /.test(each))) {
      console.log(line.replace(/^violation 0x\w+ /, "✗ ").replace(/0x[0-9a-f]{8,}$/, reasonOf));
    }
    if (!lines.some((line) => line.startsWith("violation "))) console.log(`${episode}: nothing broke`);
  } finally {
    worker.end();
  }
}

/** A row for each action: how often it passed (+) where the phase allows it, was refused for the phase (−) where not. */
function print({ cells, errors }: Tally): void {
  const phases = [...new Set(cells.map(({ phase }) => phase))];
  console.log(`${"".padEnd(26)}${phases.map((phase) => phase.padStart(11)).join("")}`);
  for (const [action, row] of Object.entries(Object.groupBy(cells, (cell) => cell.action))) {
    const counts = (row ?? []).map((cell) =>
      `${cell.allowed ? "+" : "−"}${reached(cell).toLocaleString("en-US")}`.padStart(11),
    );
    console.log(`${action.padEnd(26)}${counts.join("")}`);
  }

  const reasonOf = createReasons();
  console.log("\nrefused with");
  for (const { action, error, count } of errors) {
    console.log(
      `  ${action.padEnd(26)}${reasonOf(error).padEnd(36)}${count.toLocaleString("en-US").padStart(9)}`,
    );
  }
  console.log();
}
