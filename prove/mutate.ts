// npm run prove -- mutate [--sample N] [--seed S] [--file PART] [--json]: changes the contracts in every small way and
// counts how often no test notices. It resumes where it was stopped. `-- mutate --threats` seeds the bug of each threat
// and wants the test of that name to fail. `-- mutate --guards` takes out each line that guards the sale or vesting, and
// wants the campaign of `npm run prove -- invariants` to find it in 40,000 calls.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wholeNumber } from "../scripts/wholeNumber.ts";
import { readBuild, type Build } from "./solidity/Build.ts";
import { compileMutant } from "./mutate/compileMutant.ts";
import { createBench, testsFor, type Bench, type Kind } from "./mutate/createBench.ts";
import { equivalents } from "./mutate/equivalents.ts";
import { findMutants, type Mutant } from "./mutate/findMutants.ts";
import { openResults, type Status } from "./mutate/results.ts";
import { seed, seededBugs } from "./mutate/threats.ts";
import { inLanes, tryMutants } from "./mutate/tryMutants.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sample: { type: "string" },
      seed: { type: "string", default: "slipway" },
      file: { type: "string", default: "" },
      threats: { type: "boolean", default: false },
      guards: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const build = await readBuild();
  const lanes = Array.from({ length: Math.min(2, availableParallelism()) }, (_, lane) =>
    createBench(root, `lane${lane}`),
  );
  try {
    const kindsFor = values.guards ? (): Kind[] => ["campaign"] : testsFor;
    // Else every mutant would seem to be noticed.
    if (await lanes[0]!.fails([], kindsFor([]))) {
      throw new Error(
        "The tests fail on the contracts as they are: npm test -- test/contracts test/sale says why.",
      );
    }
    if (values.threats) {
      await seedThreats(build, lanes);
      return;
    }

    const mutants = allMutants(build).filter(({ file }) => file.includes(values.file));
    const wanted = values.guards ? mutants.filter(isGuard) : mutants;
    const sample = values.sample === undefined ? wanted.length : wholeNumber("--sample", values.sample);
    const chosen = draw(wanted, sample, values.seed);
    const file = values.guards ? "guards.jsonl" : "results.jsonl";
    const results = openResults(join(root, ".slipway/mutate", file), stateOfTests());
    const untried = chosen.filter(({ id }) => results.of(id) === undefined);
    let done = chosen.length - untried.length;
    await tryMutants(build, lanes, untried, kindsFor, (mutant, status) => {
      results.record(mutant.id, status);
      if (++done % 25 === 0) console.log(`${done} of ${chosen.length}`);
    });
    for (const mutant of chosen) {
      if (results.of(mutant.id) === "survived")
        console.log(describe(mutant, isEquivalent(mutant) ? "equivalent" : "survived"));
    }
    const summary = summarise(chosen, (mutant) => results.of(mutant.id)!);
    console.log(JSON.stringify(summary, undefined, values.json ? undefined : 2));
  } finally {
    await Promise.all(lanes.map((lane) => lane.end()));
  }
}

function allMutants(build: Build): Mutant[] {
  return Object.entries(build.sourceNames)
    .filter(([file]) => !/^contracts\/(mocks|interfaces)\//.test(file))
    .flatMap(([file, name]) => findMutants(file, build.input.sources[name]!.content, build.trees[name]!));
}

/** A line that refuses, of what the campaign calls; the adversary of `npm run prove -- listing` has the venues. */
function isGuard({ file, kind, from }: Mutant): boolean {
  if (/\/venues\/|FullRange|Birth/.test(file)) return false;
  if (kind === "modifier") return true;
  const refuses =
    /^if \([^{]*revert |^if \([^{]*\{\s*(if [^{]*)?revert |^_(require|check|exactly|at(Most|Least)|within)\w*\(/;
  return kind === "statement" && refuses.test(from);
}

/** `count` of them in an order that the seed alone decides. */
function draw(mutants: Mutant[], count: number, seed: string): Mutant[] {
  const rank = ({ id }: Mutant) => createHash("sha256").update(`${seed} ${id}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

async function seedThreats(build: Build, lanes: readonly Bench[]): Promise<void> {
  await inLanes(lanes, seededBugs, async (bench, bug) => {
    const source = build.input.sources[build.sourceNames[bug.file]!]!.content;
    const made = await compileMutant(build, bug.file, seed(source, bug));
    const noticed =
      "compiled" in made && (await bench.fails(made.compiled, testsFor(made.compiled), bug.test));
    const note = "compiled" in made ? "" : " (does not compile)";
    console.log(`${noticed ? "✓" : "✗"} threat ${bug.threat}: ${bug.test}${note}`);
    if (!noticed) process.exitCode = 1;
  });
}

function isEquivalent(mutant: Mutant): boolean {
  return equivalents.some(
    ({ file, of, kind, from, to, nth = 0 }) =>
      file === mutant.file &&
      of === mutant.of &&
      kind === mutant.kind &&
      from === mutant.from &&
      to === mutant.to &&
      nth === mutant.nth,
  );
}

function describe({ file, line, of, nth, kind, from, to }: Mutant, status: string): string {
  const [was, is] = [from, to].map((text) => text.replaceAll(/\s+/g, " "));
  return `${status}: ${file}:${line} ${of}#${nth} ${kind}: ${was} → ${is}`;
}

type Counts = { killed: number; survived: number; compileErrors: number; equivalent: number; score: number };

function summarise(mutants: Mutant[], statusOf: (mutant: Mutant) => Status) {
  const byContract: Record<string, Counts> = {};
  const all = count(mutants, statusOf);
  for (const file of [...new Set(mutants.map(({ file }) => file))].sort()) {
    byContract[file] = count(
      mutants.filter((mutant) => mutant.file === file),
      statusOf,
    );
  }
  return { ...all, byContract };
}

/** Equivalent mutants survive by their nature, and are not among `survived`. */
function count(mutants: Mutant[], statusOf: (mutant: Mutant) => Status): Counts {
  const having = (status: Status) => mutants.filter((mutant) => statusOf(mutant) === status);
  const killed = having("killed").length;
  const equivalent = having("survived").filter(isEquivalent).length;
  const survived = having("survived").length - equivalent;
  const score = killed + survived === 0 ? 1 : killed / (killed + survived);
  return { killed, survived, compileErrors: having("compileError").length, equivalent, score };
}

function stateOfTests(): string {
  const hash = createHash("sha256");
  for (const file of globSync(["test/contracts/**/*", "test/sale/**/*"], { cwd: root }).sort()) {
    if (/\.(sol|ts)$/.test(file)) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex").slice(0, 12);
}
