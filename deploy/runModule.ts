import {
  deploy,
  DeploymentResultType,
  type EIP1193Provider,
  type IgnitionModule,
} from "@nomicfoundation/ignition-core";
import { stringify } from "../src/sdk/json.ts";
import { LOCAL_CHAIN_ID } from "./chains.ts";
import { deployError } from "./deployErrors.ts";
import { bringKeylessDeployer } from "./keyless.ts";

/**
 * Runs an Ignition module of deploy/modules from the node's first account. With a `directory` the journal is kept there,
 * and what is done already is not done again. Throws `deployment-failed`.
 */
export async function runModule({
  module,
  provider,
  directory,
}: {
  module: IgnitionModule;
  provider: EIP1193Provider;
  directory?: string | undefined;
}): Promise<void> {
  const chainId = Number(await provider.request({ method: "eth_chainId" }));
  if (chainId === LOCAL_CHAIN_ID) await bringKeylessDeployer(provider);
  const accounts = (await provider.request({ method: "eth_accounts" })) as string[];
  const result = await deploy({
    ...{ provider, accounts },
    ...(directory === undefined ? {} : { deploymentDir: directory }),
    ignitionModule: module,
    deploymentParameters: {},
    // Every module brings its artifacts.
    artifactResolver: {
      loadArtifact: (name) => Promise.reject(new Error(`no artifact of ${name}`)),
      getBuildInfo: () => Promise.resolve(undefined),
    },
  });
  if (result.type === DeploymentResultType.SUCCESSFUL_DEPLOYMENT) return;
  throw deployError(
    "deployment-failed",
    `${result.type}: ${stringify("errors" in result ? result.errors : result)}`,
  );
}
