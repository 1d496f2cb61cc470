import { writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { describePlan } from "../../launch/plan/describePlan.ts";
import { makePlan } from "../../launch/plan/makePlan.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
import { parseAddress } from "../../sdk/launchFile/parseValues.ts";
import { stringify } from "../../sdk/json.ts";
import { forkOf } from "../forkOf.ts";
import { sayCompiling } from "../sayCompiling.ts";
import { given } from "./given.ts";
import { runTask } from "./runTask.ts";

export type PlanArguments = { file: string; out: string; safe: string; json: boolean };

/** `launch plan`: sends nothing. */
const plan: NewTaskActionFunction<PlanArguments> = ({ file, out, safe, json }, hre) =>
  runTask({
    json,
    work: async () => {
      const path = resolve(file);
      const launch = await readLaunchFile(path);
      sayCompiling();
      await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
      const { chain, sender, close } = await forkOf(
        hre,
        safe === "" ? undefined : given("--safe", parseAddress(safe)),
      );
      try {
        const base = out === "" ? process.cwd() : dirname(resolve(out));
        const made = await makePlan({ launch, file: relative(base, path), sender, chain });
        if (out !== "") await writeFile(out, `${stringify(made, 2)}\n`);
        return { made, launch };
      } finally {
        await close();
      }
    },
    words: ({ made, launch }) => `${describePlan(made, launch)}${out === "" ? "" : `\nWritten to ${out}`}`,
    data: ({ made }) => made,
  });

export default plan;
