import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { deployLaunch } from "../../deploy/deployLaunch.ts";
import { canonicalOn } from "../../src/launch/canonicalOn.ts";
import { requireCanonical } from "../../src/launch/requireCanonical.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { stringifyRecord } from "../../src/sdk/json.ts";
import type { World } from "./world.ts";

/** Deploys by the Ignition modules, as in production, and writes the record that every service starts from. */
export async function deployDemoLaunch({
  world,
  launch,
  recordFile,
}: {
  world: World;
  launch: Launch;
  recordFile: string;
}): Promise<LaunchRecord> {
  const provider: EIP1193Provider = {
    request: ({ method, params }) => world.chain.request({ method, params } as never),
  };
  const record = await deployLaunch({ launch, provider, directory: join(world.directory, "deployment") });
  requireCanonical(record.terms, canonicalOn(record.chainId));
  await writeFile(recordFile, stringifyRecord(record));
  return record;
}
