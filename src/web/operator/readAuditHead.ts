import type { AuditRow, OperatorClient } from "./createOperatorClient.ts";

/** The newest row, by whose hash all before it are fixed, and some before it. */
export type AuditHead = { rows: AuditRow[]; isWhole: boolean };

const MOST_PAGES = 200;
const SHOWN = 20;

/** Walks the log to its end, which the API gives from its beginning; `isWhole` is false where it did not get there. */
export async function readAuditHead(client: Pick<OperatorClient, "audit">): Promise<AuditHead> {
  let rows: AuditRow[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await client.audit(after);
    rows = [...rows, ...answer.rows].slice(-SHOWN);
    if (answer.next === null) return { rows: rows.toReversed(), isWhole: true };
    after = answer.next;
  }
  return { rows: rows.toReversed(), isWhole: false };
}
