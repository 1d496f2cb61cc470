import type { Hex } from "viem";
import type { HistoryEvent, OtherEvent, SaleEvent } from "../chain/saleEvents.ts";
import type { EntryJson, SaleEventJson } from "../sdk/indexerApi.ts";
import { difference, type Difference, type DifferenceCode } from "./Difference.ts";

/** What the copy holds of a range of blocks. */
export type CopiedRange = { entries: EntryJson[]; events: SaleEventJson[] };

/** The events of a range as one node tells them, with their times. */
export type Telling = { node: string; events: readonly SaleEvent[] };

type Told<Event> = { node: string; event: Event };

/**
 * Row by row, the copy of a range against the events that the nodes have of it. Nodes drop logs, so it is enough that one has a
 * row; but each that has it must tell the same of it, and what any of them has must be in the copy.
 */
export function compareEvents(copied: CopiedRange, tellings: readonly Telling[]): Difference[] {
  const entries = new Map<string, Told<HistoryEvent>[]>();
  const others = new Map<string, Told<OtherEvent>[]>();
  // Nodes were seen to send a log twice; a hash of the history comes once.
  for (const { node, events } of tellings) {
    for (const event of events) {
      if (event.type === "entry") append(entries, event.history, { node, event });
      else append(others, placeOf(event.block.number, event.logIndex), { node, event });
    }
  }

  const found: Difference[] = [];
  for (const entry of copied.entries) {
    found.push(...compareEntry(entry, entries.get(entry.history) ?? []));
    entries.delete(entry.history);
  }
  for (const event of copied.events) {
    const place = placeOf(event.block.number, event.logIndex);
    found.push(...compareOther(event, others.get(place) ?? []));
    others.delete(place);
  }
  for (const [told] of entries.values()) {
    if (told === undefined) continue;
    const { entry, block, transaction } = told.event;
    const wanted = `${entry.kind} of ${entry.amount} by ${entry.buyer}, nonce ${entry.nonce}`;
    const where = { block: block.number, transaction };
    found.push(difference("entry-missing", "an event of the sale", "no entry", wanted, where));
  }
  for (const [told] of others.values()) {
    if (told === undefined) continue;
    const { name, block, transaction } = told.event;
    const where = { block: block.number, transaction };
    found.push(difference("event-missing", "an event of the sale", "no row", name, where));
  }
  return found;
}

type Pair = [what: string, got: string, wanted: string];

function compareEntry(entry: EntryJson, told: readonly Told<HistoryEvent>[]): Difference[] {
  const where = { block: entry.block.number, transaction: entry.transaction };
  const field = `entry ${entry.sequence}`;
  const [first] = told;
  if (first === undefined) {
    return [difference("entry-changed", field, entry.history, "an event with this history", where)];
  }
  return compareRow("entry-changed", field, where, told, (event) => [
    ["kind", entry.kind, event.entry.kind],
    ["buyer", entry.buyer, event.entry.buyer],
    ["nonce", entry.nonce, String(event.entry.nonce)],
    ["amount", entry.amount, String(event.entry.amount)],
    ["order", entry.orderId, event.entry.orderId],
    ...placePairs(entry, event),
    // The copy does not tell it: all nodes must say the same.
    ["log index", String(first.event.logIndex), String(event.logIndex)],
  ]);
}

function compareOther(event: SaleEventJson, told: readonly Told<OtherEvent>[]): Difference[] {
  const where = { block: event.block.number, transaction: event.transaction };
  const field = `event ${placeOf(event.block.number, event.logIndex)}`;
  if (told.length === 0) {
    return [difference("event-changed", field, event.name, "an event there", where)];
  }
  return compareRow("event-changed", field, where, told, (own) => {
    const names = new Set([...Object.keys(event.args), ...Object.keys(own.args)]);
    return [
      ["contract", event.contract, own.contract],
      ["name", event.name, own.name],
      ...[...names].map((name): Pair => [name, event.args[name] ?? "nothing", own.args[name] ?? "nothing"]),
      ...placePairs(event, own),
    ];
  });
}

/** A row that some node tells otherwise: the copy is wrong where none agrees with it, else the nodes disagree. */
function compareRow<Event>(
  code: DifferenceCode,
  field: string,
  where: { block: number; transaction: Hex },
  told: readonly Told<Event>[],
  pairsOf: (event: Event) => Pair[],
): Difference[] {
  const compared = told.map(({ node, event }) => ({
    node,
    pairs: pairsOf(event).filter(([, got, wanted]) => got !== wanted),
  }));
  const agreeing = compared.find(({ pairs }) => pairs.length === 0);
  if (agreeing === undefined) {
    const [{ pairs } = { pairs: [] }] = compared;
    return pairs.map(([what, got, wanted]) => difference(code, `${field}, ${what}`, got, wanted, where));
  }
  return compared.flatMap(({ node, pairs }) =>
    pairs.map(([what, got, wanted]) => {
      const [said, agreed] = [`${node}: ${wanted}`, `${agreeing.node}: ${got}`];
      return difference("rpcs-disagree", `${field}, ${what}`, said, agreed, where);
    }),
  );
}

function placePairs(row: EntryJson | SaleEventJson, event: SaleEvent): Pair[] {
  return [
    ["block", String(row.block.number), String(event.block.number)],
    ["block hash", row.block.hash, event.block.hash],
    ["time", String(row.block.time), String(event.time ?? "unknown")],
    ["transaction", row.transaction, event.transaction],
  ];
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function placeOf(block: number, logIndex: number): string {
  return `${block}.${logIndex}`;
}
