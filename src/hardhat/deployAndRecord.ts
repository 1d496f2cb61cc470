import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { NetworkHooks } from "hardhat/types/hooks";
import type { TaskOverrideActionFunction } from "hardhat/types/tasks";
import { createPublicClient, custom } from "viem";
import { LOCAL_CHAIN_ID } from "../../deploy/chains.ts";
import { bringKeylessDeployer } from "../../deploy/keyless.ts";
import { readRecord } from "../../deploy/readRecord.ts";
import { stringifyRecord } from "../sdk/json.ts";
import { readLaunchFile } from "../launch/readLaunchFile.ts";
import type { Launch } from "../sdk/launchFile/Launch.ts";
import { explain, SlipwayError } from "../sdk/problem.ts";
import { sayCompiling } from "./sayCompiling.ts";

/** `ignition deploy`; of the launch it then writes `launch.json` beside the journal. A simulated chain is gone by then. */
const deployAndRecord: TaskOverrideActionFunction = async (taskArguments, hre, runSuper) => {
  const launch = await readLaunch(hre.config.paths.root);
  if (launch === undefined) return undefined;
  // A local chain is new, and lacks the deployer that every public chain has.
  const onLocalChains: Partial<NetworkHooks> = {
    newConnection: async (context, next) => {
      const connection = await next(context);
      if (launch.chainId === LOCAL_CHAIN_ID) await bringKeylessDeployer(connection.provider);
      return connection;
    },
  };
  hre.hooks.registerHandlers("network", onLocalChains);
  sayCompiling();
  const result: unknown = await runSuper(taskArguments).finally(() => {
    hre.hooks.unregisterHandlers("network", onLocalChains);
  });
  const isLaunch = basename(String(taskArguments["modulePath"])) === "Launch.ts";
  if (!isLaunch || process.exitCode === 1) return result;

  const { provider, networkConfig } = await hre.network.create();
  if (networkConfig.type === "edr-simulated") {
    console.log(
      "No record is left of a chain that ends with this command: name one that stays by --network.",
    );
    return result;
  }
  const record = await readRecord({ launch, client: createPublicClient({ transport: custom(provider) }) });
  const deployment = String(taskArguments["deploymentId"] ?? "") || `chain-${String(launch.chainId)}`;
  const file = join(hre.config.paths.ignition, "deployments", deployment, "launch.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, stringifyRecord(record));
  console.log(`Record of the launch, sale ${record.sale} from block ${String(record.startBlock)}: ${file}`);
  return result;
};

/** Undefined, and said why, when the launch file cannot be read or has problems. */
async function readLaunch(root: string): Promise<Launch | undefined> {
  try {
    return await readLaunchFile(join(root, "launch.config.ts"));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    console.error(explain(error));
    process.exitCode = 1;
    return undefined;
  }
}

export default deployAndRecord;
