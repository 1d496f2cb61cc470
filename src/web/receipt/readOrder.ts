import type { Address, Hex } from "viem";
import { getBlock, getContractEvents } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { IndexerClient } from "../../sdk/indexerClient.ts";
import type { PageClient } from "../chain/createChain.ts";
import { findBackwards, type BlockRange } from "../chain/findBackwards.ts";

/** A purchase as the chain has it, for anybody who knows its order. */
export type OrderOnChain = {
  orderId: Hex;
  buyer: Address;
  amount: bigint;
  nonce: bigint;
  history: Hex;
  transaction: Hex;
  block: bigint;
  time: bigint;
  /** Place in the sale's history, from 1; undefined while the indexer does not know it. */
  sequence: number | undefined;
};

/** Undefined where the sale has no purchase with this order. */
export async function readOrder(
  client: PageClient,
  {
    sale,
    startBlock,
    orderId,
    indexer,
  }: { sale: Address; startBlock: bigint; orderId: Hex; indexer: Pick<IndexerClient, "entries"> },
): Promise<OrderOnChain | undefined> {
  // The indexer says where to look; what is there the chain says.
  const copied = await indexer.entries(sale, { order: orderId, limit: 1 }).catch(() => undefined);
  const entry = copied?.entries[0];
  const look = (range: BlockRange) =>
    getContractEvents(client, {
      ...{ address: sale, abi: saleAbi, eventName: "Purchased", strict: true, args: { orderId } },
      ...range,
    } as const);
  const at = entry && BigInt(entry.block.number);
  let [event] = at === undefined ? [] : await look({ fromBlock: at, toBlock: at });
  const isWhereTold = event !== undefined;
  event ??= await findBackwards(client, startBlock, look);
  if (event === undefined) return undefined;

  const { timestamp } = await getBlock(client, { blockNumber: event.blockNumber });
  const { buyer, amount, nonce, history } = event.args;
  return {
    ...{ orderId, buyer, amount, nonce, history },
    ...{ transaction: event.transactionHash, block: event.blockNumber, time: timestamp },
    sequence: isWhereTold && entry?.history === history ? entry.sequence : undefined,
  };
}
