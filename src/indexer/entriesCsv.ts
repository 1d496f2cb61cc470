import type { Address } from "viem";
import type { EntryJson } from "../sdk/indexerApi.ts";
import type { Queries } from "./queries.ts";

const PAGE = 1000;
const COLUMNS =
  "sequence,kind,buyer,nonce,amount,orderId,history,block,blockHash,blockTime,transaction,finalised";

/** The history as CSV with a header; read page by page, as fast as it is taken. */
export async function* entriesCsv(queries: Queries, sale: Address): AsyncGenerator<string> {
  yield `${COLUMNS}\n`;
  for (let after: number | null = 0; after !== null;) {
    const page = await queries.entries(sale, { after, limit: PAGE });
    if (page.entries.length > 0) yield page.entries.map(lineOf).join("");
    after = page.next;
  }
}

/** No field needs quotes: all are numbers, hex or words of ours. */
function lineOf({ block, transaction, finalised, ...entry }: EntryJson): string {
  const { sequence, kind, buyer, nonce, amount, orderId, history } = entry;
  const what = [sequence, kind, buyer, nonce, amount, orderId, history];
  return `${[...what, block.number, block.hash, block.time, transaction, finalised].join(",")}\n`;
}
