import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { makePlan } from "../../launch/plan/makePlan.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
import type { Rehearsal } from "../../launch/rehearse/Rehearsal.ts";
import { rehearsalPage } from "../../launch/rehearse/rehearsalPage.ts";
import { rehearse } from "../../launch/rehearse/rehearse.ts";
import { stringify } from "../../sdk/json.ts";
import { forkOf } from "../forkOf.ts";
import { sayCompiling } from "../sayCompiling.ts";
import { runTask } from "./runTask.ts";

export type RehearseArguments = { file: string; out: string; json: boolean };

/** `launch rehearse`: sends nothing; exits with 1 where a scene did not go as it should. */
const task: NewTaskActionFunction<RehearseArguments> = async ({ file, out, json }, hre) => {
  const rehearsal = await runTask({
    json,
    work: async () => {
      const launch = await readLaunchFile(resolve(file));
      sayCompiling();
      await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
      const { chain, sender, close } = await forkOf(hre);
      try {
        await makePlan({ launch, file, sender, chain }); // carries it out
        const played = await rehearse({ launch, chain });
        if (out !== "") await write(resolve(out), played);
        return played;
      } finally {
        await close();
      }
    },
    words: (played) => describe(played, out),
  });
  if (rehearsal?.ok === false) process.exitCode = 1;
};

export default task;

async function write(folder: string, rehearsal: Rehearsal): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "rehearsal.json"), `${stringify(rehearsal, 2)}\n`);
  await writeFile(join(folder, "rehearsal.md"), rehearsalPage(rehearsal));
}

function describe({ ok, people, scenes }: Rehearsal, out: string): string {
  const lines = scenes.flatMap(({ name, ok: each, skipped, ended, books, seen }) => [
    `${each ? "✓" : "✗"} ${name}: ${skipped === undefined ? `ended ${ended ?? ""}, the books ${books?.ok === true ? "close" : "do not close"}` : `not played, ${skipped}`}`,
    ...seen.filter(({ expected }) => !expected).map(({ who, did, saw }) => `    ${who} ${did}: ${saw}`),
    ...(books?.failing ?? []).map(
      ({ name: check, got, wanted }) => `    ${check}: got ${got}, wanted ${wanted}`,
    ),
  ]);
  return [
    ...lines,
    `It takes at least ${String(people.softCap)} people to reach the soft cap, ${String(people.hardCap)} the hard cap.`,
    `In all: ${ok ? "as it should be" : "not as it should be"}`,
    ...(out === "" ? [] : [`Written to ${out}`]),
  ].join("\n");
}
