import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";

const LINES_AT_ONCE = 500;

/** Writes rows by COPY: lines of its text format, columns in the table's order. */
export async function copyRows(client: ClientBase, table: string, lines: readonly string[]): Promise<void> {
  await pipeline(Readable.from(chunks(lines)), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
}

function* chunks(lines: readonly string[]): Generator<Buffer> {
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE) {
    yield Buffer.from(`${lines.slice(at, at + LINES_AT_ONCE).join("\n")}\n`);
  }
}
