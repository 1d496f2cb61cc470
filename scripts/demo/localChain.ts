import { createTestClient, http, publicActions, walletActions, type Address, type Hex } from "viem";
import { hardhat } from "viem/chains";

/** The demo's client of its own chain: reads, sends, moves time. Account keys are given with each call. */
export type LocalChain = ReturnType<typeof connect> & {
  /** The next block is at `time` (seconds); does nothing when the chain is there already. */
  moveTo: (time: bigint) => Promise<void>;
  /** Seconds of the latest block. */
  now: () => Promise<bigint>;
};

function connect(url: string) {
  return createTestClient({
    chain: hardhat,
    mode: "hardhat",
    transport: http(url, { retryCount: 0 }),
    pollingInterval: 20,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions);
}

export function localChainAt(url: string): LocalChain {
  const client = connect(url);
  const now = async (): Promise<bigint> => (await client.getBlock()).timestamp;
  return {
    ...client,
    now,
    moveTo: async (time) => {
      if ((await now()) >= time) return;
      await client.setNextBlockTimestamp({ timestamp: time });
      await client.mine({ blocks: 1 });
    },
  };
}

/** Waits for a transaction and throws when it failed. */
export async function mined(chain: LocalChain, hash: Hex): Promise<void> {
  const receipt = await chain.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`Transaction ${hash} reverted.`);
}

export const nobody: Address = "0x0000000000000000000000000000000000000000";
