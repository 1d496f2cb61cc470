import type { PublicClient } from "viem";
import { saleAbi } from "../src/sdk/abi/Sale.ts";
import type { Launch } from "../src/sdk/launchFile/Launch.ts";
import { labelsOf } from "../src/sdk/launchFile/labelsOf.ts";
import type { LaunchRecord } from "../src/sdk/launchRecord.ts";
import { policyHash } from "../src/sdk/policy.ts";
import { deployError } from "./deployErrors.ts";
import { deploymentOf } from "./deploymentOf.ts";

/**
 * The record of a launch that is on its chain. Throws `sale-missing` when nothing at its address was created with these
 * terms. The code at an address of the keyless deployer is what the address was computed from.
 */
export async function readRecord({
  launch,
  client,
  fromBlock = 0n,
}: {
  launch: Launch;
  client: Pick<PublicClient, "getContractEvents">;
  /** The sale is not older. */
  fromBlock?: bigint;
}): Promise<LaunchRecord> {
  const { terms, termsHash, modules, sale, token } = deploymentOf(launch);
  const [created] = await client.getContractEvents({
    ...{ address: sale.address, abi: saleAbi, eventName: "Created", args: { termsHash }, fromBlock },
  });
  if (created === undefined) {
    throw deployError("sale-missing", `chain ${String(launch.chainId)}, ${termsHash}, ${sale.address}`);
  }
  return {
    chainId: launch.chainId,
    ...{ sale: sale.address, token, currency: terms.sale.currency },
    ...{ venue: terms.listing.venue, vesting: modules.vesting.address, registry: modules.registry.address },
    ...{ termsHash, policyHash: policyHash(launch.policy), startBlock: created.blockNumber },
    ...{ terms, policy: launch.policy, labels: labelsOf(launch) },
  };
}
