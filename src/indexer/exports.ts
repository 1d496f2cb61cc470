import type { Address } from "viem";
import type { EntryJson, PositionJson, SaleEventJson } from "../sdk/indexerApi.ts";
import { stringify } from "../sdk/json.ts";
import type { Queries } from "./queries.ts";
import { trusted, wentBack } from "./trusted.ts";

/** What can be taken whole, as `…/{name}.csv` and `…/{name}.json`. */
export const exported = ["entries", "positions", "log"] as const;
export type Exported = (typeof exported)[number];

type Row = EntryJson | PositionJson | SaleEventJson;

const PAGE = 1000;
const columns: Record<Exported, readonly string[]> = {
  entries: [
    ...["sequence", "kind", "buyer", "nonce", "amount", "orderId", "history"],
    ...["block", "blockHash", "blockTime", "transaction", "finalised"],
  ],
  positions: [
    ...["buyer", "paid", "nonce", "ejected", "claimedTokens", "vestedTokens", "claimableTokens"],
    ...["refunded", "purchases"],
  ],
  log: [
    ...["contract", "name", "args", "block", "blockHash", "blockTime", "transaction", "logIndex"],
    "finalised",
  ],
};

/** CSV with a header; read page by page, as fast as it is taken. */
export async function* asCsv(queries: Queries, sale: Address, what: Exported): AsyncGenerator<string> {
  yield `${columns[what].join(",")}\n`;
  for await (const rows of soundPages(queries, sale, what))
    yield rows.map((row) => lineOf(row, what)).join("");
}

/** One JSON array, the rows as the pages have them. */
export async function* asJson(queries: Queries, sale: Address, what: Exported): AsyncGenerator<string> {
  let before = "[\n";
  for await (const rows of soundPages(queries, sale, what)) {
    yield before + rows.map((row) => stringify(row)).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** Throws where what was given out is no longer so: half an export must not look like a whole one. */
async function* soundPages(queries: Queries, sale: Address, what: Exported): AsyncGenerator<Row[]> {
  const copy = await trusted(queries, sale);
  for await (const rows of pages(queries, sale, what)) {
    await trusted(queries, sale, copy);
    if (rows.length > 0) yield rows;
  }
}

/** Each page but those of positions begins with the last row of the one before, which must be the same. */
async function* pages(queries: Queries, sale: Address, what: Exported): AsyncGenerator<Row[]> {
  if (what === "entries") {
    for (let [last, more] = [undefined as EntryJson | undefined, true]; more;) {
      const after = last === undefined ? 0 : last.sequence - 1;
      const { entries, next } = await queries.entries(sale, { after, limit: PAGE });
      if (last !== undefined && entries.shift()?.history !== last.history) throw wentBack(sale);
      yield entries;
      last = entries.at(-1) ?? last;
      more = next !== null;
    }
  } else if (what === "positions") {
    for (let after: Address | "0x" | null = "0x"; after !== null;) {
      const page = await queries.positions(sale, { after, limit: PAGE });
      yield page.positions;
      after = page.next;
    }
  } else {
    for (let [last, more] = [undefined as SaleEventJson | undefined, true]; more;) {
      const after =
        last === undefined
          ? { block: -1, logIndex: -1 }
          : { block: last.block.number, logIndex: last.logIndex - 1 };
      const { events, next } = await queries.events(sale, { after, limit: PAGE });
      if (last !== undefined && events.shift()?.block.hash !== last.block.hash) throw wentBack(sale);
      yield events;
      last = events.at(-1) ?? last;
      more = next !== null;
    }
  }
}

/** Only arguments need quotes: all else is numbers, hex or words of ours. */
function lineOf(row: Row, what: Exported): string {
  const block =
    "block" in row ? { block: row.block.number, blockHash: row.block.hash, blockTime: row.block.time } : {};
  const args = "args" in row ? { args: `"${JSON.stringify(row.args).replaceAll('"', '""')}"` } : {};
  const cells: Record<string, unknown> = { ...row, ...block, ...args };
  return `${columns[what].map((name) => String(cells[name])).join(",")}\n`;
}
