import { overrideTask } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

/** Where Ignition is as well: `ignition deploy` finds what it needs on a local chain, and leaves the launch's record. */
export const slipwayIgnition: HardhatPlugin = {
  id: "slipway-ignition",
  npmPackage: null,
  tasks: [
    overrideTask(["ignition", "deploy"])
      .setAction(() => import("./deployAndRecord.ts"))
      .build(),
  ],
};
