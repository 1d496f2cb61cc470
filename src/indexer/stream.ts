import type { FastifyReply, FastifyRequest } from "fastify";
import type { Address, Hex } from "viem";
import type { EntryJson } from "../sdk/indexerApi.ts";
import { stringify } from "../sdk/json.ts";
import type { Changes } from "./changes.ts";
import type { Queries } from "./queries.ts";

const PAGE = 500;
/** Entries a stream remembers, to find back to where a reorganised chain forks from what was sent. */
const REMEMBERED = 2_000;

/**
 * Server-sent events of one sale. Sends after every change what is new: entries in order, then the stats. When the chain
 * was reorganised, entries are sent again from the first that differs.
 */
export async function streamEvents({
  request,
  reply,
  sale,
  from,
  queries,
  changes,
  behind,
  headers,
}: {
  request: FastifyRequest;
  reply: FastifyReply;
  sale: Address;
  /** `sequence` to go on after, with its history where the client knows it; undefined: from now on. */
  from: { sequence: number; history: Hex | undefined } | undefined;
  queries: Queries;
  changes: Changes;
  behind: () => boolean;
  headers: Record<string, string>;
}): Promise<void> {
  const sent = new Map<number, Hex>();
  let last = from?.sequence ?? (await queries.sales([sale], behind()))[0]?.entries ?? 0;
  if (from?.history !== undefined) sent.set(last, from.history);
  let shown = "";
  let closed = false;

  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-store" });
  raw.write("retry: 1000\n\n");

  async function send(text: string): Promise<void> {
    if (closed || raw.write(text)) return;
    await new Promise<void>((done) => {
      raw.once("drain", done);
      raw.once("close", done);
    });
  }

  /** Steps back over what was sent and is no longer so. */
  async function rewind(): Promise<void> {
    while (last > 0) {
      const { entries } = await queries.entries(sale, { after: last - 1, limit: 1 });
      const now = entries[0];
      const known = sent.get(last);
      if (now?.sequence === last && (known === undefined || now.history === known)) return;
      sent.delete(last);
      last -= 1;
      // Beyond what is remembered only finality is certain: nothing final is ever replaced.
      if (sent.size === 0) {
        while (
          last > 0 &&
          (await queries.entries(sale, { after: last - 1, limit: 1 })).entries[0]?.finalised !== true
        ) {
          last -= 1;
        }
        return;
      }
    }
  }

  async function sendEntry(entry: EntryJson): Promise<void> {
    await send(`id: ${String(entry.sequence)}-${entry.history}\nevent: entry\ndata: ${stringify(entry)}\n\n`);
    last = entry.sequence;
    sent.set(last, entry.history);
    sent.delete(last - REMEMBERED);
  }

  async function flush(): Promise<void> {
    await rewind();
    for (let more = true; more && !closed;) {
      const page = await queries.entries(sale, { after: last, limit: PAGE });
      for (const entry of page.entries) await sendEntry(entry);
      more = page.next !== null;
    }
    const [stats] = await queries.sales([sale], behind());
    const text = stringify(stats);
    if (text !== shown) await send(`event: stats\ndata: ${text}\n\n`);
    shown = text;
  }

  let wanted = true;
  let wake: (() => void) | undefined;
  const poke = () => {
    wanted = true;
    wake?.();
  };
  const unsubscribe = changes.subscribe(poke);
  raw.on("close", () => {
    closed = true;
    poke();
  });

  try {
    while (!closed) {
      if (!wanted) await new Promise<void>((done) => (wake = done));
      wanted = false;
      await flush();
    }
  } catch (error) {
    request.log.warn({ err: error }, "event stream ended");
  } finally {
    unsubscribe();
    raw.end();
  }
}
