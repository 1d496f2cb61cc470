import { getBlock } from "viem/actions";
import type { PageClient } from "./createChain.ts";
import type { BlockRange } from "./findBackwards.ts";

/** As many blocks as a second has anywhere, and as every node looks through at once. */
const BLOCKS_A_SECOND = 10n;

/** Where something of which the chain has the time alone must be: `time` is that of a block after `startBlock`. */
export async function blocksAt(client: PageClient, time: bigint, startBlock: bigint): Promise<BlockRange> {
  const latest = (await getBlock(client)).number;
  let [first, last] = [startBlock, latest];
  while (first < last) {
    const middle = (first + last) / 2n;
    const { timestamp } = await getBlock(client, { blockNumber: middle });
    if (timestamp < time) first = middle + 1n;
    else last = middle;
  }
  const end = first + BLOCKS_A_SECOND - 1n;
  return { fromBlock: first, toBlock: end < latest ? end : latest };
}
