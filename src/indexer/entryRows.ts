import { amountOf, ENTRY_SIZE, FIELD, type PackedEntries } from "../chain/packedEntries.ts";

/** Rows of `entries` as binary COPY has them: how many columns, then each with its length. */
export function entryRows(sale: number, firstSequence: number, entries: PackedEntries): Buffer {
  const { bytes, count } = entries;
  const rows = Buffer.allocUnsafe(count * LONGEST_ROW);
  let at = 0;

  const field = (from: number, size: number): void => {
    at = rows.writeInt32BE(size, at);
    bytes.copy(rows, at, from, from + size);
    at += size;
  };

  for (let index = 0; index < count; index++) {
    const entry = index * ENTRY_SIZE;
    at = rows.writeInt16BE(COLUMNS, at);
    at = rows.writeInt32BE(sale, rows.writeInt32BE(4, at));
    at = rows.writeBigInt64BE(BigInt(firstSequence + index), rows.writeInt32BE(8, at));
    at = rows.writeInt16BE(bytes[entry + FIELD.kind] ?? 0, rows.writeInt32BE(2, at));
    field(entry + FIELD.buyer, 20);
    field(entry + FIELD.nonce, 8);
    at = writeNumeric(rows, at, amountOf(entries, index));
    field(entry + FIELD.orderId, 32);
    field(entry + FIELD.history, 19);
    field(entry + FIELD.block, 8);
    field(entry + FIELD.blockHash, 32);
    field(entry + FIELD.time, 8);
    field(entry + FIELD.transaction, 32);
    field(entry + FIELD.logIndex, 4);
  }
  return rows.subarray(0, at);
}

const COLUMNS = 13;
/** An amount of 128 bits has at most ten digits of four decimals. */
const MOST_DIGITS = 10;
const LONGEST_ROW =
  2 + COLUMNS * 4 + 4 + 8 + 2 + 20 + 8 + (8 + 2 * MOST_DIGITS) + 32 + 19 + 8 + 32 + 8 + 32 + 4;
/** `numeric`: number of digits to the base of 10,000, weight of the first, sign and scale, then the digits. */
function writeNumeric(rows: Buffer, start: number, amount: bigint): number {
  const digits: number[] = [];
  let rest = amount;
  for (; rest > BigInt(Number.MAX_SAFE_INTEGER); rest /= 10_000n) digits.push(Number(rest % 10_000n));
  for (let small = Number(rest); small > 0; small = Math.floor(small / 10_000)) digits.push(small % 10_000);

  let at = rows.writeInt32BE(8 + 2 * digits.length, start);
  at = rows.writeInt16BE(digits.length, at);
  at = rows.writeInt16BE(Math.max(0, digits.length - 1), at);
  at = rows.writeInt32BE(0, at);
  for (let digit = digits.length - 1; digit >= 0; digit--) at = rows.writeInt16BE(digits[digit] ?? 0, at);
  return at;
}
