import type { Address, Hex } from "viem";
import { getContractEvents } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { blocksAt } from "../chain/blocksAt.ts";
import type { PageClient } from "../chain/createChain.ts";
import { pageError } from "../errors/pageErrors.ts";

/** What the listing announced. It never changes. */
export type Listing = {
  id: Hex;
  /** Currency and tokens that went into the pool. */
  pool: bigint;
  poolTokens: bigint;
  fee: bigint;
  unsold: bigint;
};

/** The `Listed` event of a sale that was listed at `listedAt`. */
export async function readListing(
  client: PageClient,
  { sale, startBlock, listedAt }: { sale: Address; startBlock: bigint; listedAt: bigint },
): Promise<Listing> {
  const range = await blocksAt(client, listedAt, startBlock);
  const [event] = await getContractEvents(client, {
    ...{ address: sale, abi: saleAbi, eventName: "Listed", strict: true, ...range },
  } as const);
  if (event === undefined) throw pageError("rpc-unreachable", { detail: "it does not have the listing yet" });
  const { id, poolCurrency, poolTokens, fee, unsold } = event.args;
  return { id, pool: poolCurrency, poolTokens, fee, unsold };
}
