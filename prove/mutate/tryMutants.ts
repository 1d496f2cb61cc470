import type { Build } from "../solidity/Build.ts";
import { compileMutant, type Compiled } from "./compileMutant.ts";
import type { Bench, Kind } from "./createBench.ts";
import type { Mutant } from "./findMutants.ts";
import type { Status } from "./results.ts";
import { groups, switchedSource, turnOn } from "./switched.ts";

/** How many share a compilation at most: of more the sale would become longer than a chain takes. */
const MOST = 40;
const LONGEST_CODE = 24_576;

/** Says of each mutant whether the tests of the given kinds notice it. Compiles many of one file at once, each behind a switch. */
export async function tryMutants(
  build: Build,
  lanes: readonly Bench[],
  mutants: readonly Mutant[],
  kindsFor: (compiled: readonly Compiled[]) => readonly Kind[],
  found: (mutant: Mutant, status: Status) => void,
): Promise<void> {
  const optimizer = { enabled: true, runs: 1 };
  const short = { ...build, input: { ...build.input, settings: { ...build.input.settings, optimizer } } };
  const sourceOf = (file: string) => build.input.sources[build.sourceNames[file]!]!.content;

  async function tryAlone(bench: Bench, mutant: Mutant): Promise<void> {
    const { file, start, end, to } = mutant;
    const bytes = Buffer.from(sourceOf(file));
    const source = Buffer.concat([bytes.subarray(0, start), Buffer.from(to), bytes.subarray(end)]).toString();
    const made = await compileMutant(build, file, source);
    if ("wrong" in made) found(mutant, "compileError");
    else {
      const noticed = await bench.fails(made.compiled, kindsFor(made.compiled));
      found(mutant, noticed ? "killed" : "survived");
    }
  }

  async function tryGroup(bench: Bench, group: readonly Mutant[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    if (group.length === 1) return tryAlone(bench, first);
    const { file } = first;
    const { source, placed } = switchedSource(sourceOf(file), group);
    const made = await compileMutant(short, file, source);
    if ("wrong" in made) {
      // An error in one is an error of all.
      const wrong = new Set(
        placed
          .filter(({ start, end }) => made.wrong.some((at) => at.start < end && start < at.end))
          .map(({ mutant }) => mutant),
      );
      if (wrong.size === 0) return tryHalves(bench, group);
      for (const mutant of wrong) await tryAlone(bench, mutant);
      const right = group.filter((mutant) => !wrong.has(mutant));
      return right.length === 0 ? undefined : tryGroup(bench, right);
    }

    const { compiled } = made;
    if (compiled.some(({ deployedBytecode }) => deployedBytecode.length / 2 - 1 > LONGEST_CODE)) {
      return tryHalves(bench, group);
    }
    const unchangedFails = new Map<Kind, boolean>();
    for (const [index, mutant] of group.entries()) {
      let status: Status = "survived";
      for (const kind of kindsFor(compiled)) {
        if (!(await bench.kindFails(kind, withOn(compiled, index + 1)))) continue;
        if (!unchangedFails.has(kind))
          unchangedFails.set(kind, await bench.kindFails(kind, withOn(compiled, 0)));
        if (unchangedFails.get(kind)!) return tryHalves(bench, group.slice(index));
        status = "killed";
        break;
      }
      found(mutant, status);
    }
  }

  /** The switches themselves break it, or make it too long: fewer of them may not. */
  async function tryHalves(bench: Bench, group: readonly Mutant[]): Promise<void> {
    const middle = Math.ceil(group.length / 2);
    await tryGroup(bench, group.slice(0, middle));
    await tryGroup(bench, group.slice(middle));
  }

  const files = [...new Set(mutants.map(({ file }) => file))];
  const work = files.flatMap((file) =>
    groups(
      mutants.filter((mutant) => mutant.file === file),
      MOST,
    ),
  );
  await inLanes(lanes, work, tryGroup);
}

/** Gives each lane the next item as soon as it is free. */
export async function inLanes<Item>(
  lanes: readonly Bench[],
  items: readonly Item[],
  act: (bench: Bench, item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    lanes.map(async (bench) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await act(bench, item);
    }),
  );
}

function withOn(compiled: readonly Compiled[], number: number): Compiled[] {
  return compiled.map((each) => ({
    ...each,
    bytecode: turnOn(each.bytecode, number),
    deployedBytecode: turnOn(each.deployedBytecode, number),
  }));
}
