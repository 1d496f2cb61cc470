import { getAddress, isAddress, isHash, type Abi, type Address, type Hex, type PublicClient } from "viem";
import type { RpcPool } from "../../chain/rpcPool.ts";
import type { SaleEvent } from "../../chain/saleEvents.ts";
import { readEvents } from "../../reconcile/readEvents.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { contractErrorOf } from "../../sdk/contractErrors.ts";
import { indexerError } from "../../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { launchError } from "../launchErrors.ts";

/** Without its literal types: any function by its name. */
const anySaleAbi: Abi = saleAbi;

export type Happening = { block: number; transaction: Hex; what: string; amount?: string; orderId?: Hex };

/** One buyer's whole story, or why a transaction did nothing. */
export type Explanation = {
  buyer?: Address;
  position?: { paid: bigint; claimed: bigint; nonce: bigint; ejected: bigint; claimable: bigint };
  happened: Happening[];
  /** Of a transaction that failed: the sale's own error. */
  failure?: { code: string; message: string; wayOut: string };
};

/**
 * What happened to a wallet, by an order or in a transaction, as the chain tells it. Throws `subject-unknown` where the
 * sale has nothing of it.
 */
export async function explainSubject({
  subject,
  chain,
  pool,
  record,
}: {
  /** A wallet's address, or 32 bytes: an order's id or a transaction's hash. */
  subject: string;
  chain: PublicClient;
  /** Its first node is asked for the events. */
  pool: RpcPool;
  record: LaunchRecord;
}): Promise<Explanation> {
  const key = subject.toLowerCase() as Hex;
  const isWallet = isAddress(key);
  if (!isWallet && !isHash(key))
    throw launchError("subject-unknown", `${subject} is no address and no 32 bytes`);
  const events = await allEvents();
  const wanted = isWallet ? getAddress(key) : key;

  const direct = events.filter((event) => isAbout(event, wanted));
  const buyer = isWallet ? wanted : direct.map(buyerOf).find((one) => one !== undefined);
  if (direct.length === 0 && !isWallet) return explainTransaction(wanted);
  const happened = (buyer === undefined ? direct : events.filter((event) => isAbout(event, buyer))).map(told);
  return {
    ...(buyer === undefined ? {} : { buyer, position: await positionOf(buyer) }),
    happened,
  };

  async function allEvents(): Promise<SaleEvent[]> {
    const [source] = pool.sources;
    if (source === undefined) throw indexerError("rpc-unreachable", "no node is named");
    const range = { from: Number(record.startBlock), to: Number(await chain.getBlockNumber()) };
    const all: SaleEvent[] = [];
    for await (const { events: some } of readEvents({ pool, source, sale: record.sale, ...range }))
      all.push(...some);
    return all;
  }

  async function positionOf(of: Address): Promise<NonNullable<Explanation["position"]>> {
    const read = <T>(functionName: string): Promise<T> =>
      chain.readContract({
        ...{ address: record.sale, abi: anySaleAbi, functionName, args: [of] },
      }) as Promise<T>;
    const [paid, claimed, nonce] = await read<[bigint, bigint, bigint, bigint]>("positionOf");
    return { paid, claimed, nonce, ejected: await read("ejectedOf"), claimable: await read("claimable") };
  }

  /** It did nothing at this sale: made again on the block before, it says why. */
  async function explainTransaction(hash: Hex): Promise<Explanation> {
    const transaction = await chain.getTransaction({ hash }).catch(() => undefined);
    if (transaction === undefined || transaction.to?.toLowerCase() !== record.sale.toLowerCase()) {
      throw launchError("subject-unknown", hash);
    }
    const { from: account, to, input: data, value, blockNumber } = transaction;
    // Null in spite of its type while it is pending.
    const minedIn = blockNumber as bigint | null;
    const block = minedIn === null ? {} : { blockNumber: minedIn - 1n };
    try {
      await chain.call({ account, to, data, value, ...block });
    } catch (cause) {
      const error = contractErrorOf(cause);
      if (error === undefined) throw launchError("subject-unknown", hash, { cause });
      const { code, message, wayOut } = error;
      return {
        buyer: account,
        position: await positionOf(account),
        happened: [],
        failure: { code, message, wayOut },
      };
    }
    const what = minedIn !== null ? "mined without an effect on this sale" : "not mined yet";
    return { buyer: account, happened: [{ block: Number(minedIn ?? 0n), transaction: hash, what }] };
  }
}

function isAbout(event: SaleEvent, wanted: string): boolean {
  if (event.transaction === wanted) return true;
  if (event.type === "entry")
    return event.entry.orderId === wanted || getAddress(event.entry.buyer) === wanted;
  return buyerOf(event) === wanted;
}

function buyerOf(event: SaleEvent): Address | undefined {
  const buyer = event.type === "entry" ? event.entry.buyer : event.args["buyer"];
  return buyer === undefined ? undefined : getAddress(buyer);
}

const entryWords = {
  purchase: "bought",
  withdraw: "withdrew everything",
  invalidate: "vouchers were voided",
  eject: "was ejected: the money is refundable",
} as const;

function told(event: SaleEvent): Happening {
  const { transaction } = event;
  const block = event.block.number;
  if (event.type === "event") {
    const amount = event.args["amount"] ?? event.args["tokens"];
    return { block, transaction, what: event.name, ...(amount === undefined ? {} : { amount }) };
  }
  const { kind, amount, orderId } = event.entry;
  return {
    ...{ block, transaction, what: entryWords[kind], amount: String(amount) },
    ...(kind === "purchase" ? { orderId } : {}),
  };
}
