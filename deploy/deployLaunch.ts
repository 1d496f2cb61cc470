import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { createPublicClient, custom } from "viem";
import type { Launch } from "../src/sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../src/sdk/launchRecord.ts";
import { launchModule } from "./modules/launchModule.ts";
import { readRecord } from "./readRecord.ts";
import { runModule } from "./runModule.ts";

/** Deploys a launch as `runModule` does, and reads its record off the chain. Throws what these two throw. */
export async function deployLaunch({
  launch,
  provider,
  directory,
}: {
  launch: Launch;
  provider: EIP1193Provider;
  directory?: string;
}): Promise<LaunchRecord> {
  const client = createPublicClient({ transport: custom(provider), cacheTime: 0 });
  const fromBlock = directory === undefined ? await client.getBlockNumber() : 0n;
  await runModule({ module: launchModule(launch), provider, directory });
  return readRecord({ launch, client, fromBlock });
}
