import type { HistoryEvent, OtherEvent, SaleEvent } from "../chain/saleEvents.ts";
import type { EntryJson, SaleEventJson } from "../sdk/indexerApi.ts";
import { difference, type Difference } from "./Difference.ts";

/** What the copy holds of a range of blocks. */
export type CopiedRange = { entries: EntryJson[]; events: SaleEventJson[] };

/** Row by row, the copy of a range against the events that a node has of it. */
export function compareEvents(copied: CopiedRange, events: readonly SaleEvent[]): Difference[] {
  const entries = new Map<string, HistoryEvent>();
  const others = new Map<string, OtherEvent>();
  // Nodes were seen to send a log twice; a hash of the history comes once.
  for (const event of events) {
    if (event.type === "entry") entries.set(event.history, event);
    else others.set(placeOf(event.block.number, event.logIndex), event);
  }

  const found: Difference[] = [];
  for (const entry of copied.entries) {
    found.push(...compareEntry(entry, entries.get(entry.history)));
    entries.delete(entry.history);
  }
  for (const event of copied.events) {
    const place = placeOf(event.block.number, event.logIndex);
    found.push(...compareOther(event, others.get(place)));
    others.delete(place);
  }
  for (const { entry, block, transaction } of entries.values()) {
    const wanted = `${entry.kind} of ${entry.amount} by ${entry.buyer}, nonce ${entry.nonce}`;
    const where = { block: block.number, transaction };
    found.push(difference("entry-missing", "an event of the sale", "no entry", wanted, where));
  }
  for (const { name, block, transaction } of others.values()) {
    const where = { block: block.number, transaction };
    found.push(difference("event-missing", "an event of the sale", "no row", name, where));
  }
  return found;
}

type Pair = [what: string, got: string, wanted: string];

function compareEntry(entry: EntryJson, event: HistoryEvent | undefined): Difference[] {
  const where = { block: entry.block.number, transaction: entry.transaction };
  const field = `entry ${entry.sequence}`;
  if (event === undefined) {
    return [difference("entry-changed", field, entry.history, "an event with this history", where)];
  }
  const { entry: wanted } = event;
  const pairs: Pair[] = [
    ["kind", entry.kind, wanted.kind],
    ["buyer", entry.buyer, wanted.buyer],
    ["nonce", entry.nonce, String(wanted.nonce)],
    ["amount", entry.amount, String(wanted.amount)],
    ["order", entry.orderId, wanted.orderId],
    ...placePairs(entry, event),
  ];
  return changed(pairs, (what, got, want) =>
    difference("entry-changed", `${field}, ${what}`, got, want, where),
  );
}

function compareOther(event: SaleEventJson, own: OtherEvent | undefined): Difference[] {
  const where = { block: event.block.number, transaction: event.transaction };
  const field = `event ${placeOf(event.block.number, event.logIndex)}`;
  if (own === undefined) return [difference("event-changed", field, event.name, "an event there", where)];
  const names = new Set([...Object.keys(event.args), ...Object.keys(own.args)]);
  const pairs: Pair[] = [
    ["contract", event.contract, own.contract],
    ["name", event.name, own.name],
    ...[...names].map((name): Pair => [name, event.args[name] ?? "nothing", own.args[name] ?? "nothing"]),
    ...placePairs(event, own),
  ];
  return changed(pairs, (what, got, want) =>
    difference("event-changed", `${field}, ${what}`, got, want, where),
  );
}

function placePairs(row: EntryJson | SaleEventJson, event: SaleEvent): Pair[] {
  return [
    ["block", String(row.block.number), String(event.block.number)],
    ["block hash", row.block.hash, event.block.hash],
    ["transaction", row.transaction, event.transaction],
  ];
}

function changed(pairs: readonly Pair[], tell: (...pair: Pair) => Difference): Difference[] {
  return pairs.filter(([, got, wanted]) => got !== wanted).map((pair) => tell(...pair));
}

function placeOf(block: number, logIndex: number): string {
  return `${block}.${logIndex}`;
}
