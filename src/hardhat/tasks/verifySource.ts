import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { systemClock } from "../../chain/clock.ts";
import { launchError } from "../../launch/launchErrors.ts";
import {
  explorers,
  sourcesOf,
  verifySources,
  type Explorer,
  type Source,
} from "../../launch/verifySource/verifySources.ts";
import { openLaunch } from "../openLaunch.ts";
import { runTask } from "./runTask.ts";

/** By Hardhat's own plugin, from the sources of this project. */
export function verifyBy(hre: HardhatRuntimeEnvironment) {
  return (source: Source, provider: Explorer): Promise<boolean> =>
    verifyContract({ ...source, constructorArgs: [...source.constructorArgs], provider }, hre);
}

/** `launch verify-source`. */
export async function verifySource(
  options: { record: string; on: string; dryRun: boolean; json: boolean },
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const done = await runTask({
    json: options.json,
    work: async () => {
      const names = options.on.split(",");
      const on = explorers.filter((each) => names.includes(each));
      if (on.length < names.length)
        throw launchError("usage", `--on: wanted some of ${explorers.join(", ")}`);
      const { record, close } = await openLaunch(hre, options);
      await close();
      const sources = sourcesOf(record);
      if (options.dryRun) return { on, sources };
      return {
        on,
        outcomes: await verifySources({ sources, on, verify: verifyBy(hre), clock: systemClock }),
      };
    },
    words: (result) =>
      "sources" in result
        ? [
            `Nothing was sent. ${result.on.join(", ")} would be asked to verify`,
            ...result.sources.map(({ contract, address }) => `  ${address} ${contract}`),
          ].join("\n")
        : result.outcomes
            .map(
              (one) =>
                `${one.verified ? "✓" : "✗"} ${one.explorer} ${one.contract} ${one.verified ? "" : one.why}`,
            )
            .join("\n"),
  });
  if (done?.outcomes?.some(({ verified }) => !verified) === true) process.exitCode = 1;
}
