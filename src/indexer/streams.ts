import type { FastifyReply, FastifyRequest } from "fastify";
import type { Address, Hex } from "viem";
import type { Clock } from "../chain/clock.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { EntryJson } from "../sdk/indexerApi.ts";
import { stringify } from "../sdk/json.ts";
import type { Changes } from "./changes.ts";
import { clientOf } from "./clientOf.ts";
import type { Queries } from "./queries.ts";
import { createSharedReads, PAGE, type SharedReads } from "./sharedReads.ts";

/** Open at once: in this process, and of one client; zero for no limit. */
export type StreamLimits = { most: number; mostOfClient: number };

/** `sequence` to go on after, with its history where the client knows it; undefined: from now on. */
export type StreamFrom = { sequence: number; history: Hex | undefined } | undefined;

/** Entries a stream remembers, to find back to where a reorganised chain forks from what was sent. */
const REMEMBERED = PAGE;
const COME_BACK_SECONDS = 30;

type StreamRequest = {
  request: FastifyRequest;
  reply: FastifyReply;
  sale: Address;
  from: StreamFrom;
  headers: Record<string, string>;
};

/**
 * Server-sent events. Each stream sends after every change of the copy what is new: entries in order, then the stats. When
 * the chain was reorganised, entries are sent again from the first that differs. It ends where the copy may not be read.
 */
export function createStreams({
  queries,
  changes,
  behind,
  clock,
  limits: { most, mostOfClient } = { most: 0, mostOfClient: 0 },
}: {
  queries: Queries;
  changes: Changes;
  behind: () => boolean;
  clock: Clock;
  limits?: StreamLimits | undefined;
}) {
  const reads = createSharedReads({ queries, changes, behind, clock });
  const open = new Map<string, number>();
  let openInAll = 0;

  /** Throws `streams-full` or `too-many-streams`; what it returns gives the place back. */
  function takePlace(ip: string): () => void {
    const client = clientOf(ip);
    const ofClient = client === undefined ? 0 : (open.get(client) ?? 0);
    const more = { retryAfterSeconds: COME_BACK_SECONDS };
    if (most > 0 && openInAll >= most) throw indexerError("streams-full", `${String(most)} are open`, more);
    if (mostOfClient > 0 && ofClient >= mostOfClient) {
      throw indexerError("too-many-streams", `${String(mostOfClient)} are open`, more);
    }
    openInAll += 1;
    if (client !== undefined) open.set(client, ofClient + 1);
    return () => {
      openInAll -= 1;
      if (client === undefined) return;
      const left = (open.get(client) ?? 1) - 1;
      if (left === 0) open.delete(client);
      else open.set(client, left);
    };
  }

  return {
    async serve({ request, reply, sale, from, headers }: StreamRequest): Promise<void> {
      const { raw } = reply;
      if (raw.destroyed) {
        reply.hijack(); // left before it began
        return;
      }
      const leave = takePlace(request.ip);
      let [pokes, closed] = [0, false];
      const isClosed = () => closed;
      let wake: (() => void) | undefined;
      const poke = () => {
        pokes += 1;
        wake?.();
      };
      const unsubscribe = changes.subscribe(poke);
      raw.on("close", () => {
        closed = true;
        unsubscribe();
        leave();
        poke();
      });

      reply.hijack();
      raw.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-store" });
      raw.write("retry: 1000\n\n");
      const stream = createStream({
        ...{ reads, sale, from, isClosed },
        async send(text) {
          if (closed || raw.write(text)) return;
          await new Promise<void>((done) => {
            const end = () => {
              raw.off("drain", end).off("close", end);
              done();
            };
            raw.on("drain", end).on("close", end);
          });
        },
      });
      try {
        for (let goesOn = true; goesOn && !isClosed();) {
          const before = pokes;
          goesOn = await stream.flush();
          if (goesOn && pokes === before && !isClosed()) await new Promise<void>((done) => (wake = done));
        }
      } catch (error) {
        request.log.warn({ err: error }, "event stream ended");
      } finally {
        raw.end();
      }
    },
  };
}

function createStream({
  reads,
  sale,
  from,
  isClosed,
  send,
}: {
  reads: SharedReads;
  sale: Address;
  from: StreamFrom;
  isClosed: () => boolean;
  send: (text: string) => Promise<void>;
}) {
  const sent = new Map<number, Hex>();
  let last: number | undefined;
  let shown = "";

  /** No client makes us look for what comes after the last entry. */
  async function begin(): Promise<number> {
    const entries = (await reads.stats(sale)).stats?.entries ?? 0;
    if (from?.history === undefined) return Math.min(from?.sequence ?? entries, entries);
    sent.set(from.sequence, from.history);
    return from.sequence;
  }

  /** The last entry that was sent and is still so; strictly before `at`, which is not. */
  async function forkBefore(at: number): Promise<number> {
    const [lowest = at] = sent.keys();
    const { entries } = await reads.entries(sale, lowest - 1);
    const same = entries.findLast(
      ({ sequence, history }) => sequence < at && sent.get(sequence) === history,
    )?.sequence;
    for (const sequence of sent.keys()) if (sequence > (same ?? 0)) sent.delete(sequence);
    // Beyond what is remembered only finality is certain: nothing final is replaced while a stream goes on.
    return same ?? Math.min(lowest - 1, await reads.lastFinal(sale));
  }

  async function sendEntry(entry: EntryJson): Promise<void> {
    await send(`id: ${String(entry.sequence)}-${entry.history}\nevent: entry\ndata: ${stringify(entry)}\n\n`);
    sent.set(entry.sequence, entry.history);
    sent.delete(entry.sequence - REMEMBERED);
  }

  return {
    /** Sends what is new; false where nothing more may be said of this copy. */
    async flush(): Promise<boolean> {
      const { stop, behind } = await reads.copy(sale);
      if (stop !== undefined || behind) {
        // Why it ends; one that is read anew answers with `copy-behind` until it is back.
        if (stop !== undefined) await send(`event: stats\ndata: ${(await reads.stats(sale)).text}\n\n`);
        return false;
      }

      let at = last ?? (await begin());
      for (let more = true; more && !isClosed();) {
        // With the entry that was sent last, to see that it is still there.
        const { entries, next } = await reads.entries(sale, Math.max(0, at - 1));
        const [first] = entries;
        const known = sent.get(at);
        if (at > 0 && (first?.sequence !== at || (known !== undefined && first.history !== known))) {
          at = await forkBefore(at);
          continue;
        }
        for (const entry of at === 0 ? entries : entries.slice(1)) await sendEntry(entry);
        at = entries.at(-1)?.sequence ?? at;
        more = next !== null;
      }
      last = at;

      if (isClosed()) return false;
      const { text } = await reads.stats(sale);
      if (text !== shown) await send(`event: stats\ndata: ${text}\n\n`);
      shown = text;
      return true;
    },
  };
}
