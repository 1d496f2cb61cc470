import { createHash, createHmac } from "node:crypto";
import type { Address } from "viem";
import type { Clock } from "../chain/clock.ts";
import type { WebhookEvent } from "../sdk/indexerApi.ts";
import { stringify } from "../sdk/json.ts";
import type { CopyState, Queries } from "./queries.ts";
import { NOTHING_TOLD, type WebhookCursor, type WebhookCursors } from "./webhookCursors.ts";

export type Webhook = { url: string; secret: string };

/** What a subscription is called in log and metrics: two may have one host, and the rest of a URL may hold a key. */
export function receiverOf(url: string): string {
  return `${new URL(url).host}-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}

export type WebhookOptions = {
  webhook: Webhook;
  sale: Address;
  queries: Pick<Queries, "entries" | "events" | "copyOf">;
  cursors: WebhookCursors;
  clock: Clock;
  /** In [0, 1): the jitter of waits. */
  random?: () => number;
  fetch?: typeof globalThis.fetch;
  /** True in the process that copies: one tells, the others stand by. */
  active: () => boolean;
  /** Deliveries that failed in a row; zero after one that was taken. */
  onOutcome?: (failures: number, why: string | undefined) => void;
  pollMs: number;
  signal: AbortSignal;
};

const EVENTS_AT_ONCE = 100;
const TIMEOUT_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Tells one receiver what has become final in one sale, in order, until `signal`. The cursor moves only after an answer of
 * 2xx: each event is told at least once, under the same id; what is not taken is told again, later and later.
 */
export async function runWebhook(options: WebhookOptions): Promise<void> {
  const { webhook, sale, cursors, clock, pollMs, signal, random = Math.random, onOutcome } = options;
  const stopped = () => signal.aborted;
  for (let failures = 0; !stopped();) {
    let told = false;
    try {
      const found = options.active() ? await nextEvents(options) : undefined;
      if (found !== undefined) {
        await deliver(options, found.events);
        await cursors.save(webhook.url, sale, found.cursor);
        told = true;
        failures = 0;
        onOutcome?.(0, undefined);
      }
    } catch (error) {
      if (stopped()) return;
      failures += 1;
      onOutcome?.(failures, error instanceof Error ? error.message : String(error));
    }
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20));
    if (failures > 0) await clock.sleep(wait * (0.5 + random() / 2), signal);
    else if (!told) await clock.sleep(pollMs, signal);
  }
}

/**
 * Where to go on in this copy. One that went back below what was final may be another: what was told is told again, under
 * the same ids where it is the same, but for a history that leads to the entry told last. Undefined: not known yet.
 */
async function whereToGoOn(
  { queries, sale }: WebhookOptions,
  { copy, reached }: CopyState,
  cursor: WebhookCursor,
): Promise<WebhookCursor | undefined> {
  if (cursor.copy === copy) return cursor;
  const { sequence, history } = cursor;
  const { entries } = await queries.entries(sale, { after: Math.max(0, sequence - 1), limit: 1 });
  const [there] = entries;
  if (sequence === 0 || there?.history === history) return { ...NOTHING_TOLD, sequence, history, copy };
  return there === undefined && !reached ? undefined : { ...NOTHING_TOLD, copy };
}

/** Undefined where nothing is new, or the copy is not trusted. */
async function nextEvents(
  options: WebhookOptions,
): Promise<{ events: WebhookEvent[]; cursor: WebhookCursor } | undefined> {
  const { webhook, sale, queries, cursors } = options;
  const state = await queries.copyOf(sale);
  if (state.stop !== undefined || state.behind) return undefined;
  const cursor = await whereToGoOn(options, state, await cursors.load(webhook.url, sale));
  if (cursor === undefined) return undefined;
  const limit = EVENTS_AT_ONCE;
  const { entries } = await queries.entries(sale, { after: cursor.sequence, limit });
  const { events: others } = await queries.events(sale, { after: cursor, limit });
  // What was read may be of two copies.
  if ((await queries.copyOf(sale)).copy !== state.copy) return undefined;
  const entryEvents = entries.map(
    (data) => ({ id: `${sale}-${data.sequence}-${data.history}`, sale, type: "entry", data }) as const,
  );
  const otherEvents = others.map(
    (data) => ({ id: `${sale}-${data.block.hash}-${data.logIndex}`, sale, type: "event", data }) as const,
  );
  // Beyond the last of a full page nothing is known of that kind: the other kind must not run ahead of it.
  const ends = [entries, others].flatMap((page) =>
    page.length === limit ? [page.at(-1)?.block.number ?? 0] : [],
  );
  const reach = Math.min(...ends);
  const events: WebhookEvent[] = [...entryEvents, ...otherEvents]
    .filter(({ data }) => data.finalised && data.block.number <= reach)
    .sort((a, b) => a.data.block.number - b.data.block.number);
  if (events.length === 0) return undefined;

  const entry = events.findLast(({ type }) => type === "entry")?.data;
  const other = events.findLast(({ type }) => type === "event")?.data;
  return {
    events,
    cursor: {
      ...(entry !== undefined && "sequence" in entry
        ? { sequence: entry.sequence, history: entry.history }
        : { sequence: cursor.sequence, history: cursor.history }),
      block: other?.block.number ?? cursor.block,
      logIndex: other !== undefined && "logIndex" in other ? other.logIndex : cursor.logIndex,
      copy: cursor.copy,
    },
  };
}

async function deliver(
  { webhook, clock, signal, fetch: send = globalThis.fetch }: WebhookOptions,
  events: WebhookEvent[],
) {
  const body = stringify({ events });
  const seconds = String(Math.floor(clock.now() / 1000));
  const hmac = createHmac("sha256", webhook.secret).update(`${seconds}.${body}`).digest("hex");
  const response = await send(webhook.url, {
    method: "POST",
    headers: { "content-type": "application/json", "slipway-signature": `t=${seconds},v1=${hmac}` },
    body,
    // Nobody but the receiver named is told.
    redirect: "manual",
    signal: AbortSignal.any([clock.deadline(TIMEOUT_MS), signal]),
  }).catch((cause: unknown) => {
    // The cause may name the URL, and with it a key.
    throw new Error("no answer", { cause });
  });
  // What it says is nothing to us, however long.
  await response.body?.cancel().catch(() => undefined);
  if (!response.ok) throw new Error(`HTTP ${String(response.status)}`);
}
