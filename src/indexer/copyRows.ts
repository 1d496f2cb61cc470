import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";

const BYTES_AT_ONCE = 2 ** 18;
/** Signature, flags, and no more header. */
const HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const END = Buffer.from([0xff, 0xff]);

/** Writes rows by COPY, in its binary format; columns in the table's order. */
export async function copyRows(client: ClientBase, table: string, rows: Buffer): Promise<void> {
  await pipeline(
    Readable.from(chunks(rows)),
    client.query(copyFrom(`COPY ${table} FROM STDIN (FORMAT binary)`)),
  );
}

function* chunks(rows: Buffer): Generator<Buffer> {
  yield HEADER;
  for (let at = 0; at < rows.length; at += BYTES_AT_ONCE) yield rows.subarray(at, at + BYTES_AT_ONCE);
  yield END;
}
