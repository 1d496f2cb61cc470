import type { Hex } from "viem";
import type { HDAccount } from "viem/accounts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { erc20Abi } from "./buyer.ts";
import { mined, type LocalChain } from "./localChain.ts";
import type { DemoVenue } from "./options.ts";
import { swapOnV2 } from "./swapOnV2.ts";
import { swapOnV3 } from "./swapOnV3.ts";
import { swapOnV4 } from "./swapOnV4.ts";

const SWAPPED = 100_000_000n;

/** What a swap through a venue's router is given; answers its transaction. */
export type Swap = (options: {
  chain: LocalChain;
  record: LaunchRecord;
  buyer: HDAccount;
  amount: bigint;
  deadline: bigint;
}) => Promise<Hex>;

const swaps: Record<DemoVenue, Swap> = { v2: swapOnV2, v3: swapOnV3, v4: swapOnV4 };

/** Buys tokens for 100 USDC on the listed pool, through Uniswap's own router. */
export async function swapOnPool({
  chain,
  record,
  venue,
  buyer,
}: {
  chain: LocalChain;
  record: LaunchRecord;
  venue: DemoVenue;
  buyer: HDAccount;
}): Promise<{ paid: bigint; received: bigint }> {
  const held = (): Promise<bigint> =>
    chain.readContract({
      address: record.token,
      abi: erc20Abi,
      functionName: "balanceOf",
      args: [buyer.address],
    });

  const before = await held();
  const deadline = (await chain.now()) + 3600n;
  await mined(chain, await swaps[venue]({ chain, record, buyer, amount: SWAPPED, deadline }));
  return { paid: SWAPPED, received: (await held()) - before };
}
