import { getBlockNumber } from "viem/actions";
import type { PageClient } from "./createChain.ts";

export type BlockRange = { fromBlock: bigint; toBlock: bigint };

/** So many blocks most nodes look through at once; where one refuses, a tenth of it, down to what all serve. */
const MOST_BLOCKS = 10_000n;
const FEWEST_BLOCKS = 10n;

/** The first of what `look` finds, from the latest block back to `startBlock`: nodes refuse logs over long ranges. */
export async function findBackwards<T>(
  client: PageClient,
  startBlock: bigint,
  look: (range: BlockRange) => Promise<readonly T[]>,
): Promise<T | undefined> {
  let blocks = MOST_BLOCKS;
  for (let toBlock = await getBlockNumber(client, { cacheTime: 0 }); toBlock >= startBlock;) {
    const from = toBlock - blocks + 1n;
    try {
      const found = await look({ fromBlock: from > startBlock ? from : startBlock, toBlock });
      if (found.length > 0) return found.at(-1);
      toBlock = from - 1n;
    } catch (error) {
      if (blocks === FEWEST_BLOCKS) throw error;
      blocks /= 10n;
    }
  }
  return undefined;
}
