import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { createClient, custom, defineChain, type LocalAccount, type PublicClient } from "viem";
import { systemClock } from "../chain/clock.ts";
import { createRpcPool, type RpcPool } from "../chain/rpcPool.ts";
import { launchError } from "../launch/launchErrors.ts";
import type { ChainClient } from "../launch/sendToSale.ts";
import { parseRecord } from "../sdk/json.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { termsHash } from "../sdk/terms.ts";
import { accountOf } from "./accountOf.ts";
import { clientOf } from "./forkOf.ts";

/** A launch that is on its chain, by its record, and whoever runs the command. */
export type OpenLaunch = {
  record: LaunchRecord;
  chain: PublicClient;
  client: ChainClient;
  /** The nodes named with --rpc, else the network's own. */
  pool: RpcPool;
  account: () => Promise<LocalAccount>;
  close: () => Promise<void>;
};

/** Throws `record-unreadable`, `record-inconsistent`, `wrong-chain`, `no-lasting-chain`. */
export async function openLaunch(
  hre: HardhatRuntimeEnvironment,
  { record: file, from = "", rpc = "" }: { record: string; from?: string; rpc?: string },
): Promise<OpenLaunch> {
  const connection = await hre.network.create();
  const { networkConfig, networkName, provider } = connection;
  if (networkConfig.type === "edr-simulated") throw launchError("no-lasting-chain", networkName);
  const chain = clientOf(provider);
  const chainId = await chain.getChainId();
  const record = await readRecordFile(resolve(file || defaultRecord(hre, chainId)));
  if (record.chainId !== chainId) {
    throw launchError("wrong-chain", `the record is of ${record.chainId}, this is ${chainId}`);
  }

  const named = rpc.split(",").filter((url) => url !== "");
  const urls = named.length > 0 ? named : [await networkConfig.url.getUrl()];
  const viemChain = defineChain({
    id: chainId,
    name: networkName,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: urls } },
  });
  return {
    ...{ record, chain, pool: createRpcPool({ urls, clock: systemClock }) },
    client: createClient({
      chain: viemChain,
      transport: custom(provider, { retryCount: 0 }),
      cacheTime: 0,
      pollingInterval: 200,
    }),
    account: () => accountOf(connection, from),
    close: () => connection.close(),
  };
}

/** Where a deployment leaves the record. */
export function defaultRecord({ config }: HardhatRuntimeEnvironment, chainId: number): string {
  // Set where Ignition is a plugin of the project.
  const { ignition, root } = config.paths as { ignition?: string; root: string };
  return join(ignition ?? join(root, "deploy"), "deployments", `chain-${String(chainId)}`, "launch.json");
}

/** Throws `record-unreadable`, `record-inconsistent`. */
export async function readRecordFile(path: string): Promise<LaunchRecord> {
  let record: LaunchRecord;
  try {
    record = parseRecord(await readFile(path, "utf8"));
    if (termsHash(record.terms) === record.termsHash) return record;
  } catch (cause) {
    throw launchError("record-unreadable", path, { cause });
  }
  throw launchError("record-inconsistent", path);
}
