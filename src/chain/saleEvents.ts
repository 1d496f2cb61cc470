import {
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  zeroHash,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { launchRegistryAbi } from "../sdk/abi/LaunchRegistry.ts";
import { saleAbi } from "../sdk/abi/Sale.ts";
import { venueV4Abi } from "../sdk/abi/VenueV4.ts";
import { vestingAbi } from "../sdk/abi/Vesting.ts";
import type { HistoryEntry } from "../sdk/history.ts";
import type { EventContract } from "../sdk/indexerApi.ts";

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

const WORD = /^0x[0-9a-f]{64}$/;

/** Hex where hex must be: from here on it is written and hashed as it stands. */
export function isSound({ address, topics, data, blockHash, transactionHash }: RawLog): boolean {
  return (
    /^0x[0-9a-fA-F]{40}$/.test(address) &&
    topics.every((topic) => WORD.test(topic)) &&
    /^0x([0-9a-f]{64})*$/.test(data) &&
    WORD.test(blockHash) &&
    WORD.test(transactionHash)
  );
}

type Place = {
  sale: Address;
  block: { number: number; hash: Hex };
  transaction: Hex;
  logIndex: number;
  /** Where the node sent it with the log. */
  time?: number;
};

/** An event that extends the history; `history` is the running hash after it. */
export type HistoryEvent = Place & { type: "entry"; entry: HistoryEntry; history: Hex };
/**
 * Any other event of a sale, or of a module about it; amounts are decimal strings. `Created` is left out: the terms are in
 * the record.
 */
export type OtherEvent = Place & {
  type: "event";
  contract: EventContract;
  name: string;
  args: Record<string, string>;
};
export type SaleEvent = HistoryEvent | OtherEvent;

const topicOf = (eventName: "Purchased" | "Withdrawn" | "Invalidated" | "Ejected" | "Created"): Hex =>
  encodeEventTopics({ abi: saleAbi, eventName })[0];

const PURCHASED = topicOf("Purchased");
const WITHDRAWN = topicOf("Withdrawn");
const INVALIDATED = topicOf("Invalidated");
const EJECTED = topicOf("Ejected");
const CREATED = topicOf("Created");

/**
 * Undefined for what is no event of a sale, or `Created`. History events are sliced by hand: they are the many. `checked`
 * makes of an address in lower case what is wanted; the checksum is the dearest part.
 */
export function decodeSaleEvent(
  log: RawLog,
  checked: (address: Address) => Address = getAddress,
): SaleEvent | undefined {
  const place = placeOf(log, checked(log.address));
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
    entry: { kind, buyer: checked(addressOf(first)), nonce, amount, orderId },
    history: history.slice(0, 40) as Hex,
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
      return otherEvent(log, place, "sale");
  }
}

/**
 * What a module of the launch, shared by many, says of one sale; undefined for what is none of its events. A return of nothing
 * is none: anybody makes one, it changes nothing, and so no contract counts it, whether a node forges one or leaves one out.
 */
export function decodeModuleEvent(
  log: RawLog,
  contract: Exclude<EventContract, "sale">,
  sale: Address,
): OtherEvent | undefined {
  const event = otherEvent(log, placeOf(log, sale), contract);
  return event?.name === "ReturnedToSale" && event.args["tokens"] === "0" ? undefined : event;
}

/** Locks are the same in all venues; the venue of v4 has every event of theirs. */
const abis: Record<EventContract, Abi> = {
  ...{ sale: saleAbi, vesting: vestingAbi, venue: venueV4Abi, registry: launchRegistryAbi },
};

function placeOf(log: RawLog, sale: Address): Place {
  return {
    sale,
    block: { number: Number(log.blockNumber), hash: log.blockHash },
    transaction: log.transactionHash,
    logIndex: Number(log.logIndex),
    ...(log.blockTimestamp == null ? {} : { time: Number(log.blockTimestamp) }),
  };
}

function otherEvent(log: RawLog, place: Place, contract: EventContract): OtherEvent | undefined {
  try {
    const { eventName, args } = decodeEventLog({
      abi: abis[contract],
      data: log.data,
      topics: log.topics as [Hex, ...Hex[]],
    });
    const named = Object.entries<unknown>(args ?? {});
    return {
      type: "event",
      ...place,
      contract,
      name: String(eventName),
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
  return `0x${(topic ?? zeroHash).slice(26)}`;
}
