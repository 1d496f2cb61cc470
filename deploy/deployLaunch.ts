import { deploy, DeploymentResultType, type EIP1193Provider } from "@nomicfoundation/ignition-core";
import { createPublicClient, custom } from "viem";
import type { Launch } from "../src/sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../src/sdk/launchRecord.ts";
import { stringify } from "../src/sdk/json.ts";
import { SlipwayError } from "../src/sdk/problem.ts";
import { LOCAL_CHAIN_ID } from "./chains.ts";
import { bringKeylessDeployer } from "./keyless.ts";
import { launchModule } from "./modules/launchModule.ts";
import { readRecord } from "./readRecord.ts";

/**
 * Runs the launch's Ignition modules from the node's first account. With a `directory` the journal is kept there, and what
 * is done already is not done again. Throws `deployment-failed`, or what `readRecord` throws.
 */
export async function deployLaunch({
  launch,
  provider,
  directory,
}: {
  launch: Launch;
  provider: EIP1193Provider;
  directory?: string;
}): Promise<LaunchRecord> {
  if (launch.chainId === LOCAL_CHAIN_ID) await bringKeylessDeployer(provider);
  const client = createPublicClient({ transport: custom(provider), cacheTime: 0 });
  const fromBlock = directory === undefined ? await client.getBlockNumber() : 0n;
  const accounts = (await provider.request({ method: "eth_accounts" })) as string[];
  const result = await deploy({
    ...{ provider, accounts },
    ...(directory === undefined ? {} : { deploymentDir: directory }),
    ignitionModule: launchModule(launch),
    deploymentParameters: {},
    // Every module brings its artifacts.
    artifactResolver: {
      loadArtifact: (name) => Promise.reject(new Error(`no artifact of ${name}`)),
      getBuildInfo: () => Promise.resolve(undefined),
    },
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new SlipwayError({
      code: "deployment-failed",
      message: `The deployment ended in ${result.type}: ${stringify("errors" in result ? result.errors : result)}`,
      wayOut: "Correct what it names and run it again: what is done stays done.",
    });
  }
  return readRecord({ launch, client, fromBlock });
}
