import { emptyTask, overrideTask, task } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

const json = { name: "json", description: "One JSON object on the last line instead of words" } as const;

/**
 * Slipway in Hardhat: `launch …`, from plan to listing. `ignition deploy` finds what it needs on a local chain, and leaves
 * the launch's record.
 */
export const slipway: HardhatPlugin = {
  id: "slipway",
  npmPackage: null,
  tasks: [
    emptyTask("launch", "Plan, deploy and run a token launch").build(),
    task(["launch", "plan"], "What deploying the launch would do: sends nothing")
      .addPositionalArgument({
        name: "file",
        description: "The launch file",
        defaultValue: "launch.config.ts",
      })
      .addOption({ name: "out", description: "Where to write the plan that `apply` does", defaultValue: "" })
      .addFlag(json)
      .setAction(() => import("./tasks/plan.ts"))
      .build(),
    overrideTask(["ignition", "deploy"])
      .setAction(() => import("./deployAndRecord.ts"))
      .build(),
  ],
};
