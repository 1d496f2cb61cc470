import type { Address } from "viem";
import type { EntryJson, PositionJson, SaleEventJson } from "../sdk/indexerApi.ts";
import { stringify } from "../sdk/json.ts";
import type { Queries } from "./queries.ts";

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
  for await (const rows of pages(queries, sale, what)) yield rows.map((row) => lineOf(row, what)).join("");
}

/** One JSON array, the rows as the pages have them. */
export async function* asJson(queries: Queries, sale: Address, what: Exported): AsyncGenerator<string> {
  let before = "[\n";
  for await (const rows of pages(queries, sale, what)) {
    yield before + rows.map((row) => stringify(row)).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** Pages with something in them. */
async function* pages(queries: Queries, sale: Address, what: Exported): AsyncGenerator<Row[]> {
  if (what === "entries") {
    for (let after: number | null = 0; after !== null;) {
      const page = await queries.entries(sale, { after, limit: PAGE });
      if (page.entries.length > 0) yield page.entries;
      after = page.next;
    }
  } else if (what === "positions") {
    for (let after: Address | "0x" | null = "0x"; after !== null;) {
      const page = await queries.positions(sale, { after, limit: PAGE });
      if (page.positions.length > 0) yield page.positions;
      after = page.next;
    }
  } else {
    for (
      let after: { block: number; logIndex: number } | undefined = { block: -1, logIndex: -1 };
      after !== undefined;
    ) {
      const page = await queries.events(sale, { after, limit: PAGE });
      if (page.events.length > 0) yield page.events;
      const last = page.events.at(-1);
      after =
        page.next === null || last === undefined
          ? undefined
          : { block: last.block.number, logIndex: last.logIndex };
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
