// npm run prove -- mutate [--sample N] [--seed S] [--file PART] [--json]: changes the contracts in every small way and
// counts how often no test notices. It resumes where it was stopped. `-- mutate --threats` seeds the bug of each threat
// and wants the test of that name to fail.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wholeNumber } from "../scripts/wholeNumber.ts";
import { readBuild, type Build } from "./solidity/Build.ts";
import { compileMutant } from "./mutate/compileMutant.ts";
import { createBench, type Bench } from "./mutate/createBench.ts";
import { equivalents } from "./mutate/equivalents.ts";
import { findMutants, type Mutant } from "./mutate/findMutants.ts";
import { openResults, type Status } from "./mutate/results.ts";
import { seed, seededBugs } from "./mutate/threats.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sample: { type: "string" },
      seed: { type: "string", default: "slipway" },
      file: { type: "string", default: "" },
      threats: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const build = await readBuild();
  const bench = createBench(root);
  await mustPass(build, bench);
  if (values.threats) return seedThreats(build, bench);

  const mutants = allMutants(build).filter(({ file }) => file.includes(values.file));
  const sample = values.sample === undefined ? mutants.length : wholeNumber("--sample", values.sample);
  const chosen = draw(mutants, sample, values.seed);
  const results = openResults(join(root, ".slipway/mutate/results.jsonl"), stateOfTests());
  for (const [index, mutant] of chosen.entries()) {
    let status = results.of(mutant.id);
    if (status === undefined) {
      status = await tryOne(build, bench, mutant);
      results.record(mutant.id, status);
    }
    if (status === "survived")
      console.log(describe(mutant, isEquivalent(mutant) ? "equivalent" : "survived"));
    if ((index + 1) % 25 === 0) console.log(`${index + 1} of ${chosen.length}`);
  }

  const summary = summarise(chosen, (mutant) => results.of(mutant.id)!);
  console.log(JSON.stringify(summary, undefined, values.json ? undefined : 2));
}

function allMutants(build: Build): Mutant[] {
  return Object.entries(build.sourceNames)
    .filter(([file]) => !/^contracts\/(mocks|interfaces)\//.test(file))
    .flatMap(([file, name]) => findMutants(file, build.input.sources[name]!.content, build.trees[name]!));
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

async function tryOne(build: Build, bench: Bench, { file, start, end, to }: Mutant): Promise<Status> {
  const bytes = Buffer.from(build.input.sources[build.sourceNames[file]!]!.content);
  const source = Buffer.concat([bytes.subarray(0, start), Buffer.from(to), bytes.subarray(end)]).toString();
  const compiled = compileMutant(build, file, source);
  if (compiled === undefined) return "compileError";
  return (await bench.fails(compiled)) ? "killed" : "survived";
}

/** Unchanged contracts, compiled as mutants are, pass: else every mutant would seem to be noticed. */
async function mustPass(build: Build, bench: Bench): Promise<void> {
  for (const file of ["contracts/Sale.sol", "contracts/Vesting.sol", "contracts/venues/VenueV2.sol"]) {
    const compiled = compileMutant(build, file, build.input.sources[build.sourceNames[file]!]!.content);
    if (compiled === undefined || (await bench.fails(compiled))) {
      throw new Error(`The tests fail on ${file} as it is; npm test -- test/contracts test/sale says why.`);
    }
  }
}

async function seedThreats(build: Build, bench: Bench): Promise<void> {
  for (const bug of seededBugs) {
    const compiled = compileMutant(
      build,
      bug.file,
      seed(build.input.sources[build.sourceNames[bug.file]!]!.content, bug),
    );
    const noticed = compiled !== undefined && (await bench.fails(compiled, bug.test));
    console.log(
      `${noticed ? "✓" : "✗"} threat ${bug.threat}: ${bug.test}${compiled ? "" : " (does not compile)"}`,
    );
    if (!noticed) process.exitCode = 1;
  }
}

function isEquivalent({ file, from, to }: Mutant): boolean {
  return equivalents.some((each) => each.file === file && each.from === from && each.to === to);
}

function describe({ file, line, kind, from, to }: Mutant, status: string): string {
  return `${status}: ${file}:${line} ${kind}: ${from.replaceAll(/\s+/g, " ")} → ${to.replaceAll(/\s+/g, " ")}`;
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
