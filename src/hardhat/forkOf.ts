import type { NetworkConnection, NetworkConnectionParams } from "hardhat/types/network";
import { createPublicClient, custom, type Address, type PublicClient } from "viem";
import { launchError } from "../launch/launchErrors.ts";

export type Fork = { chain: PublicClient; sender: Address; close: () => Promise<void> };

/** What is used of Hardhat: the network named on the command line, and one by name. */
type Networks = {
  network: { create: (params?: NetworkConnectionParams) => Promise<NetworkConnection> };
};

/**
 * A chain to try things on: the named network's state at its latest block, or an empty chain where it is simulated. The sender is
 * the one named, else the network's first account.
 */
export async function forkOf(hre: Networks, named?: Address): Promise<Fork> {
  const connection = await hre.network.create();
  const [first] = (await connection.provider.request({ method: "eth_accounts" })) as Address[];
  const sender = named ?? first;
  if (sender === undefined) throw launchError("no-account", connection.networkName);
  const { networkConfig } = connection;
  if (networkConfig.type === "edr-simulated") {
    return { chain: clientOf(connection.provider), sender, close: () => connection.close() };
  }

  const network = clientOf(connection.provider);
  const [chainId, blockNumber, { timestamp }] = await Promise.all([
    network.getChainId(),
    network.getBlockNumber(),
    network.getBlock(),
  ]);
  const fork = await hre.network.create({
    network: "default",
    override: {
      chainId,
      // The simulated chain's own accounts would hide what theirs have on the network.
      accounts: [],
      forking: { enabled: true, url: await networkConfig.url.getUrl(), blockNumber },
      initialDate: new Date(Number(timestamp) * 1000),
    },
  });
  // A call on the network's own block would need the history of its rules; on a block of ours it does not.
  await fork.provider.request({ method: "hardhat_mine", params: ["0x1"] });
  return {
    chain: clientOf(fork.provider),
    sender,
    close: async () => {
      await fork.close();
      await connection.close();
    },
  };
}

type Provider = { request: (call: { method: string; params?: unknown[] }) => Promise<unknown> };

export function clientOf(provider: Provider): PublicClient {
  return createPublicClient({
    transport: custom(provider, { retryCount: 0 }),
    cacheTime: 0,
    pollingInterval: 20,
  });
}
