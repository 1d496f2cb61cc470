import { toEventSelector, type Hex } from "viem";
import { historyKinds, type HistoryKind } from "../sdk/history.ts";
import type { RawLog } from "./saleEvents.ts";

/**
 * History entries as bytes, one after the other: a backfill has millions, and as objects they cost more than all that is
 * done with them. Numbers are big-endian, as both `abi.encode` and PostgreSQL's binary COPY have them.
 */
export type PackedEntries = { count: number; bytes: Buffer };

export const ENTRY_SIZE = 180;
/** Where a field begins in an entry. Nonce, block and time have 8 bytes, the amount 16, the index of the log 4. */
export const FIELD = {
  ...{ buyer: 0, nonce: 20, amount: 28, orderId: 44, history: 76, kind: 95 },
  ...{ block: 96, blockHash: 104, time: 136, transaction: 144, logIndex: 176 },
} as const;

const SIZE = { buyer: 20, orderId: 32, history: 19, blockHash: 32, transaction: 32 };

type Layout = { kind: number; size: number; amount: number; history: number };

const layouts = new Map<string, Layout>([
  [topicOf("Purchased(address,bytes32,uint256,uint256,bytes19)"), layout("purchase", 96, 32, 64)],
  [topicOf("Withdrawn(address,uint256,uint256,bytes19)"), layout("withdraw", 96, 32, 64)],
  [topicOf("Invalidated(address,uint256,bytes19)"), layout("invalidate", 64, -1, 32)],
  [topicOf("Ejected(address,uint256,uint256,bytes19)"), layout("eject", 96, 32, 64)],
]);
const PURCHASE = historyKinds.indexOf("purchase");

export function isEntry({ topics }: RawLog): boolean {
  return layouts.has(topics[0] ?? "");
}

/** Collects entries from logs. */
export function createPacker() {
  let bytes = Buffer.alloc(64 * ENTRY_SIZE);
  const data = Buffer.alloc(96);
  const topic = Buffer.alloc(32);
  let count = 0;
  let lastHash: Hex | undefined;

  return {
    /** False where the log is not made of the words that its event has, or of numbers that no sale can have. */
    add(log: RawLog, block: number, time: number): boolean {
      const found = layouts.get(log.topics[0] ?? "");
      if (found === undefined) return false;
      const at = count * ENTRY_SIZE;
      if (at === bytes.length) bytes = Buffer.concat([bytes], 2 * at);
      const { kind, size, amount, history } = found;

      if (log.topics.length !== (kind === PURCHASE ? 3 : 2)) return false;
      if (!write(data, 0, log.data, size) || !write(topic, 0, log.topics[1], 32)) return false;
      if (!isZero(data, 0, 24) || !isZero(topic, 0, 12) || !isZero(data, history + 19, history + 32))
        return false;
      if (amount >= 0 && !isZero(data, amount, amount + 16)) return false;
      topic.copy(bytes, at + FIELD.buyer, 12, 32);
      data.copy(bytes, at + FIELD.nonce, 24, 32);
      if (amount >= 0) data.copy(bytes, at + FIELD.amount, amount + 16, amount + 32);
      data.copy(bytes, at + FIELD.history, history, history + 19);
      bytes[at + FIELD.kind] = kind;
      if (kind === PURCHASE && !write(bytes, at + FIELD.orderId, log.topics[2], 32)) return false;

      bytes.writeUIntBE(block, at + FIELD.block + 2, 6);
      bytes.writeUIntBE(time, at + FIELD.time + 2, 6);
      const same = log.blockHash === lastHash;
      if (same)
        bytes.copy(
          bytes,
          at + FIELD.blockHash,
          at - ENTRY_SIZE + FIELD.blockHash,
          at - ENTRY_SIZE + FIELD.time,
        );
      else if (!write(bytes, at + FIELD.blockHash, log.blockHash, 32)) return false;
      if (!write(bytes, at + FIELD.transaction, log.transactionHash, 32)) return false;
      bytes.writeUInt32BE(Number(log.logIndex), at + FIELD.logIndex);
      lastHash = log.blockHash;
      count += 1;
      return true;
    },

    done: (): PackedEntries => ({ count, bytes: bytes.subarray(0, count * ENTRY_SIZE) }),
  };
}

export function numberAt({ bytes }: PackedEntries, index: number, field: "block" | "time"): number {
  return bytes.readUIntBE(index * ENTRY_SIZE + FIELD[field] + 2, 6);
}

export function setTime({ bytes }: PackedEntries, index: number, time: number): void {
  bytes.writeUIntBE(time, index * ENTRY_SIZE + FIELD.time + 2, 6);
}

export function nonceOf({ bytes }: PackedEntries, index: number): bigint {
  return bytes.readBigUInt64BE(index * ENTRY_SIZE + FIELD.nonce);
}

export function amountOf({ bytes }: PackedEntries, index: number): bigint {
  const at = index * ENTRY_SIZE + FIELD.amount;
  const [high, low] = [bytes.readBigUInt64BE(at), bytes.readBigUInt64BE(at + 8)];
  return high === 0n ? low : (high << 64n) | low;
}

export function kindOf({ bytes }: PackedEntries, index: number): HistoryKind {
  return historyKinds[bytes[index * ENTRY_SIZE + FIELD.kind] ?? 0] ?? "purchase";
}

export function countOf(entries: PackedEntries, kind: HistoryKind): number {
  let count = 0;
  for (let index = 0; index < entries.count; index++) if (kindOf(entries, index) === kind) count += 1;
  return count;
}

export function hexAt({ bytes }: PackedEntries, index: number, field: keyof typeof SIZE): Hex {
  const size = SIZE[field];
  const at = index * ENTRY_SIZE + FIELD[field];
  return `0x${bytes.toString("hex", at, at + size)}`;
}

function topicOf(signature: string): Hex {
  return toEventSelector(signature);
}

function layout(kind: HistoryKind, size: number, amount: number, history: number): Layout {
  return { kind: historyKinds.indexOf(kind), size, amount, history };
}

/** False unless `hex` is `0x` and exactly so many bytes. */
function write(target: Buffer, at: number, hex: string | undefined, size: number): boolean {
  return (
    hex?.length === 2 + 2 * size && hex.startsWith("0x") && target.write(hex.slice(2), at, "hex") === size
  );
}

function isZero(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}
