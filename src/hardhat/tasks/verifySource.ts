import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { systemClock } from "../../chain/clock.ts";
import { launchError } from "../../launch/launchErrors.ts";
import {
  createEtherscan,
  createSourcify,
  explorers,
  type Explorer,
  type ExplorerName,
} from "../../launch/verifySource/explorers.ts";
import { sourcesOf, verifySources } from "../../launch/verifySource/verifySources.ts";
import { openLaunch } from "../openLaunch.ts";
import { runTask } from "./runTask.ts";

const SOURCIFY = "https://sourcify.dev/server";
const ETHERSCAN = "https://api.etherscan.io/v2/api";

/** `launch verify-source`. */
export async function verifySource(
  options: { record: string; on: string; dryRun: boolean; json: boolean },
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const done = await runTask({
    json: options.json,
    work: async () => {
      const named = options.on.split(",").map(readName);
      const { record, close } = await openLaunch(hre, options);
      await close();
      const sources = sourcesOf(record);
      if (options.dryRun) return { on: named.map(({ name }) => name), sources };
      const on = await Promise.all(named.map((one) => explorerOf(one, record.chainId, hre)));
      return { outcomes: await verifySources({ sources, on, clock: systemClock }) };
    },
    words: (result) =>
      result.outcomes === undefined
        ? [
            `Nothing was sent. ${result.on.join(", ")} would be asked to verify`,
            ...result.sources.map(({ artifact, address }) => `  ${address} ${artifact}`),
          ].join("\n")
        : result.outcomes
            .map(
              (one) =>
                `${one.verified ? "✓" : "✗"} ${one.explorer} ${one.artifact}${one.verified ? "" : `: ${one.why}`}`,
            )
            .join("\n"),
  });
  if (done?.outcomes?.some(({ verified }) => !verified) === true) process.exitCode = 1;
}

type Named = { name: ExplorerName; url: string | undefined };

/** "blockscout" or "blockscout=https://…". Throws `usage`. */
function readName(text: string): Named {
  const [name, ...url] = text.split("=");
  const known = explorers.find((each) => each === name);
  if (known === undefined || (url.length > 0 && !URL.canParse(url.join("=")))) {
    throw launchError(
      "usage",
      `--on ${text}: wanted some of ${explorers.join(", ")}, each with =URL where it is your own`,
    );
  }
  return { name: known, url: url.length === 0 ? undefined : url.join("=").replace(/\/+$/, "") };
}

/** Throws `usage`. */
async function explorerOf(
  { name, url }: Named,
  chainId: number,
  hre: HardhatRuntimeEnvironment,
): Promise<Explorer> {
  const clock = systemClock;
  if (name === "sourcify") return createSourcify({ url: url ?? SOURCIFY, clock });
  const known = hre.config.chainDescriptors.get(BigInt(chainId))?.blockExplorers[name]?.apiUrl;
  const api = url ?? known ?? (name === "etherscan" ? ETHERSCAN : undefined);
  if (api === undefined)
    throw launchError(
      "usage",
      `no ${name} is known for chain ${String(chainId)}: --on ${name}=https://…/api`,
    );
  const key = await secretOf(`${name.toUpperCase()}_API_KEY`, hre);
  if (name === "etherscan" && key === undefined) {
    throw launchError("usage", "etherscan wants a key: npx hardhat keystore set ETHERSCAN_API_KEY");
  }
  return createEtherscan({ name, url: api, key, clock });
}

/** A configuration variable, from the keystore or the environment; undefined where nobody has set it. */
function secretOf(name: string, hre: HardhatRuntimeEnvironment): Promise<string | undefined> {
  const variable = { _type: "ConfigurationVariable" as const, name, default: "" };
  return hre.hooks
    .runHandlerChain("configurationVariables", "fetchValue", [variable], (_, { name: asked }) =>
      Promise.resolve(process.env[asked] ?? ""),
    )
    .then((value) => (value === "" ? undefined : value));
}
