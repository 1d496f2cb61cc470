import { overrideTask } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

/** Slipway in Hardhat: `ignition deploy` finds what it needs on a local chain, and leaves the launch's record. */
export const slipway: HardhatPlugin = {
  id: "slipway",
  npmPackage: null,
  tasks: [
    overrideTask(["ignition", "deploy"])
      .setAction(() => import("./deployAndRecord.ts"))
      .build(),
  ],
};
