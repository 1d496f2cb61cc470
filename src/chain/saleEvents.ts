import { decodeEventLog, encodeEventTopics, getAddress, slice, zeroHash, type Address, type Hex } from "viem";
import { saleAbi } from "../sdk/abi/Sale.ts";
import type { HistoryEntry } from "../sdk/history.ts";

/** A log as nodes send it; what is not read is left out. */
export type RawLog = {
  address: Address;
  topics: readonly Hex[];
  data: Hex;
  blockNumber: Hex;
  blockHash: Hex;
  /** Sent by newer nodes only. */
  blockTimestamp?: Hex;
  transactionHash: Hex;
  logIndex: Hex;
  removed?: boolean;
};

type Place = {
  sale: Address;
  block: { number: number; hash: Hex };
  transaction: Hex;
  logIndex: number;
};

/** An event that extends the history; `history` is the running hash after it. */
export type HistoryEvent = Place & { type: "entry"; entry: HistoryEntry; history: Hex };
/** Any other event of a sale; amounts are decimal strings. `Created` is left out: the terms are in the record. */
export type OtherEvent = Place & { type: "event"; name: string; args: Record<string, string> };
export type SaleEvent = HistoryEvent | OtherEvent;

const topicOf = (eventName: "Purchased" | "Withdrawn" | "Invalidated" | "Ejected" | "Created"): Hex =>
  encodeEventTopics({ abi: saleAbi, eventName })[0];

const PURCHASED = topicOf("Purchased");
const WITHDRAWN = topicOf("Withdrawn");
const INVALIDATED = topicOf("Invalidated");
const EJECTED = topicOf("Ejected");
const CREATED = topicOf("Created");

/** Undefined for what is no event of a sale, or `Created`. History events are sliced by hand: they are the many. */
export function decodeSaleEvent(log: RawLog): SaleEvent | undefined {
  const place: Place = {
    sale: getAddress(log.address),
    block: { number: Number(log.blockNumber), hash: log.blockHash },
    transaction: log.transactionHash,
    logIndex: Number(log.logIndex),
  };
  const [topic, first, second] = log.topics;
  const entry = (
    kind: HistoryEntry["kind"],
    nonce: bigint,
    amount: bigint,
    orderId: Hex,
    history: Hex,
  ): SaleEvent => ({
    type: "entry",
    ...place,
    entry: { kind, buyer: addressOf(first), nonce, amount, orderId },
    history: slice(history, 0, 19),
  });

  switch (topic) {
    case PURCHASED:
      return entry("purchase", numberAt(log, 0), numberAt(log, 1), second ?? zeroHash, wordAt(log, 2));
    case WITHDRAWN:
      return entry("withdraw", numberAt(log, 0), numberAt(log, 1), zeroHash, wordAt(log, 2));
    case INVALIDATED:
      return entry("invalidate", numberAt(log, 0), 0n, zeroHash, wordAt(log, 1));
    case EJECTED:
      return entry("eject", numberAt(log, 0), numberAt(log, 1), zeroHash, wordAt(log, 2));
    case CREATED:
    case undefined:
      return undefined;
    default:
      return otherEvent(log, place);
  }
}

function otherEvent(log: RawLog, place: Place): OtherEvent | undefined {
  try {
    const { eventName, args }: { eventName: string; args?: object } = decodeEventLog({
      abi: saleAbi,
      data: log.data,
      topics: log.topics as [Hex, ...Hex[]],
    });
    const named = Object.entries<unknown>({ ...args });
    return {
      type: "event",
      ...place,
      name: eventName,
      args: Object.fromEntries(named.map(([key, value]) => [key, String(value)])),
    };
  } catch {
    return undefined; // not of our ABI
  }
}

function wordAt(log: RawLog, index: number): Hex {
  return `0x${log.data.slice(2 + 64 * index, 66 + 64 * index)}`;
}

function numberAt(log: RawLog, index: number): bigint {
  return BigInt(wordAt(log, index));
}

function addressOf(topic: Hex | undefined): Address {
  return getAddress(slice(topic ?? zeroHash, 12));
}
