import { emptyTask, task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { documents } from "./documentTasks.ts";
import { operating } from "./operatingTasks.ts";

const json = { name: "json", description: "One JSON object on the last line instead of words" } as const;

const safe = {
  name: "safe",
  description:
    "Address of the Safe that deploys: `apply` then writes what its owners sign, and sends nothing",
  defaultValue: "",
} as const;

/** Slipway in Hardhat: `launch …`, from plan to listing. */
export const slipway: HardhatPlugin = {
  id: "slipway",
  npmPackage: null,
  // Keys and URLs with keys in them are kept there: `configVariable`.
  dependencies: () => [import("@nomicfoundation/hardhat-keystore")],
  tasks: [
    emptyTask("launch", "Plan, deploy and run a token launch").build(),
    task(["launch", "init"], "Writes a launch file to begin with")
      .addPositionalArgument({
        name: "file",
        description: "The launch file",
        defaultValue: "launch.config.ts",
      })
      .addOption({
        name: "preset",
        description: "ieo (a platform sells), ico (open to all) or ido (allowlist, deep pool)",
        defaultValue: "",
      })
      .addFlag(json)
      .setAction(() => import("./tasks/init.ts"))
      .build(),
    task(
      ["launch", "local"],
      "The launch on this machine: a chain with it deployed, signer, indexer and page",
    )
      .addPositionalArgument({
        name: "file",
        description: "The launch file",
        defaultValue: "launch.config.ts",
      })
      .addOption({
        name: "port",
        description: "Of the chain",
        type: ArgumentType.INT,
        defaultValue: 8545,
      })
      .addOption({
        name: "pagePort",
        description: "Of the page; signer and indexer take the two after it",
        type: ArgumentType.INT,
        defaultValue: 7400,
      })
      .addFlag({ name: "chainOnly", description: "Without signer, indexer and page" })
      .addFlag({ name: "once", description: "Start, say where everything is, and end" })
      .addFlag(json)
      .setAction(() => import("./tasks/local.ts"))
      .build(),
    task(["launch", "plan"], "What deploying the launch would do: sends nothing")
      .addPositionalArgument({
        name: "file",
        description: "The launch file",
        defaultValue: "launch.config.ts",
      })
      .addOption({ name: "out", description: "Where to write the plan that `apply` does", defaultValue: "" })
      .addOption(safe)
      .addFlag(json)
      .setAction(() => import("./tasks/plan.ts"))
      .build(),
    task(
      ["launch", "rehearse"],
      "The whole life of the launch on a fork, in every way it may go: sends nothing",
    )
      .addPositionalArgument({
        name: "file",
        description: "The launch file",
        defaultValue: "launch.config.ts",
      })
      .addOption({ name: "out", description: "Folder for the report", defaultValue: "" })
      .addFlag(json)
      .setAction(() => import("./tasks/rehearse.ts"))
      .build(),
    task(["launch", "apply"], "Does exactly what an approved plan says; may be killed and run again")
      .addPositionalArgument({
        name: "plan",
        description: "The plan that `launch plan --out` wrote",
        defaultValue: "plan.json",
      })
      .addOption({
        name: "journal",
        description: "Where signed transactions are kept; default: beside the plan",
        defaultValue: "",
      })
      .addOption({ name: "record", description: "Where the launch's record is written", defaultValue: "" })
      .addOption(safe)
      .addOption({
        name: "confirmations",
        description: "Blocks after which what was done counts",
        type: ArgumentType.INT,
        defaultValue: 1,
      })
      .addFlag(json)
      .setAction(() => import("./tasks/apply.ts"))
      .build(),
    ...operating,
    ...documents,
  ],
};
