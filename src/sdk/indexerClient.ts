import type { Address, Hex } from "viem";
import { ApiProblem, readProblem } from "./apiProblem.ts";
import type { SignedDocument } from "./documents/Document.ts";
import type {
  Chart,
  Concentration,
  DocumentsJson,
  EntriesPage,
  EntryJson,
  EventContract,
  IndexerEvent,
  IndexerReadiness,
  Insiders,
  PositionJson,
  PositionsPage,
  SaleEventJson,
  SaleEventsPage,
  SaleStats,
} from "./indexerApi.ts";
import type { IndexerErrorCode } from "./indexerErrors.ts";
import { SlipwayError } from "./problem.ts";
import { retrying, type RetryOptions } from "./retrying.ts";

export type EntriesFilter = {
  after?: number;
  limit?: number;
  buyer?: Address;
  order?: Hex;
  transaction?: Hex;
};

export type LogFilter = { contract?: EventContract; name?: string };

/** A refusal of the indexer, with all that it said. */
export class IndexerProblem extends ApiProblem {
  /** A newer indexer may know more. */
  declare readonly code: IndexerErrorCode | (string & Record<never, never>);
}

/**
 * Client of the indexer's API, for browsers and Node. With `retry` it asks again what may pass by itself. Every method throws
 * `IndexerProblem` with the server's code, or `SlipwayError` `indexer-unreachable` (retryable) when it does not answer.
 */
export type IndexerClient = {
  sales: () => Promise<SaleStats[]>;
  sale: (sale: Address) => Promise<SaleStats>;
  /** One page; `next` is the `after` of the following one. */
  entries: (sale: Address, filter?: EntriesFilter) => Promise<EntriesPage>;
  /** All entries that pass the filter, page by page. */
  allEntries: (sale: Address, filter?: EntriesFilter) => AsyncGenerator<EntryJson>;
  positions: (sale: Address, page?: { after?: Address; limit?: number }) => Promise<PositionsPage>;
  allPositions: (sale: Address) => AsyncGenerator<PositionJson>;
  /** Undefined for an address that has never been part of the sale. */
  position: (sale: Address, buyer: Address) => Promise<PositionJson | undefined>;
  /** Events that are no history entries; `name` as in the contract, such as `Claimed`. */
  log: (sale: Address, filter?: LogFilter & { after?: string; limit?: number }) => Promise<SaleEventsPage>;
  allLog: (sale: Address, filter?: LogFilter) => AsyncGenerator<SaleEventJson>;
  /**
   * Stats and entries as they come, resumed by itself when the connection breaks, until `signal`. With `after` it begins
   * after that sequence. An entry whose sequence was seen before replaces it and all after it.
   */
  events: (sale: Address, options?: { after?: number; signal?: AbortSignal }) => AsyncGenerator<IndexerEvent>;
  /** What was raised, in `points` (2 to 500) steps of equal time. */
  chart: (sale: Address, points?: number) => Promise<Chart>;
  concentration: (sale: Address) => Promise<Concentration>;
  insiders: (sale: Address) => Promise<Insiders>;
  ready: () => Promise<IndexerReadiness>;
  /** As served: `checkDocuments` checks them once more. */
  documents: (sale: Address) => Promise<DocumentsJson>;
  criteria: () => Promise<SignedDocument<"criteria">>;
};

const RECONNECT_MS = 1_000;
const LARGEST_PAGE = 1_000;

export function createIndexerClient({
  url,
  fetch: send = (...args) => globalThis.fetch(...args),
  retry,
}: {
  url: string;
  fetch?: typeof globalThis.fetch;
  /** Without it each request is sent once; the stream of events comes back by itself in any case. */
  retry?: RetryOptions;
}): IndexerClient {
  const base = url.replace(/\/+$/, "");

  async function open(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await send(`${base}${path}`, init);
    } catch (cause) {
      throw unreachable(base, cause);
    }
  }

  function get<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> {
    const given = Object.entries(query).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    );
    const search = given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
    return retrying(async (signal) => {
      const response = await open(`${path}${search}`, signal === undefined ? {} : { signal });
      if (!response.ok) throw await problemOf(response, base);
      return bodyOf<T>(response, base);
    }, retry);
  }

  const of = (sale: Address, rest = "") => `/v1/sales/${sale}${rest}`;
  const entries: IndexerClient["entries"] = (sale, filter = {}) => get(of(sale, "/entries"), filter);
  const positions: IndexerClient["positions"] = (sale, page = {}) => get(of(sale, "/positions"), page);
  const log: IndexerClient["log"] = (sale, filter = {}) => get(of(sale, "/log"), filter);

  return {
    sales: () => get("/v1/sales"),
    sale: (sale) => get(of(sale)),
    entries,
    async *allEntries(sale, filter = {}) {
      for (let after = filter.after ?? 0, more = true; more;) {
        const page: EntriesPage = await entries(sale, { limit: LARGEST_PAGE, ...filter, after });
        yield* page.entries;
        more = page.next !== null;
        after = page.next ?? after;
      }
    },
    chart: (sale, points) => get(of(sale, "/chart"), { points }),
    concentration: (sale) => get(of(sale, "/concentration")),
    insiders: (sale) => get(of(sale, "/insiders")),
    positions,
    async *allPositions(sale) {
      for (let after: Address | undefined, more = true; more;) {
        const page: PositionsPage = await positions(sale, {
          limit: LARGEST_PAGE,
          ...(after === undefined ? {} : { after }),
        });
        yield* page.positions;
        more = page.next !== null;
        after = page.next ?? undefined;
      }
    },
    async position(sale, buyer) {
      try {
        return await get<PositionJson>(of(sale, `/positions/${buyer}`));
      } catch (error) {
        if (error instanceof SlipwayError && error.code === "position-unknown") return undefined;
        throw error;
      }
    },
    log,
    async *allLog(sale, filter = {}) {
      for (let after: string | undefined, more = true; more;) {
        const page: SaleEventsPage = await log(sale, {
          ...{ limit: LARGEST_PAGE, ...filter },
          ...(after === undefined ? {} : { after }),
        });
        yield* page.events;
        more = page.next !== null;
        after = page.next ?? undefined;
      }
    },
    async *events(sale, { after, signal } = {}) {
      const ended = () => signal?.aborted === true;
      const first = after === undefined ? "" : `?after=${String(after)}`;
      for (let lastId: string | undefined; !ended();) {
        let wait = RECONNECT_MS;
        try {
          const response = await open(of(sale, `/events${lastId === undefined ? first : ""}`), {
            headers: {
              accept: "text/event-stream",
              ...(lastId === undefined ? {} : { "last-event-id": lastId }),
            },
            ...(signal === undefined ? {} : { signal }),
          });
          if (!response.ok) throw await problemOf(response, base);
          for await (const message of messagesOf(response, base)) {
            lastId = message.id ?? lastId;
            yield { event: message.event, data: JSON.parse(message.data) as unknown } as IndexerEvent;
          }
        } catch (error) {
          if (ended()) return;
          if (!(error instanceof SlipwayError) || !error.retryable) throw error;
          wait = Math.max(wait, error.retryAfterSeconds * 1000);
        }
        if (!ended()) await pause(wait, signal);
      }
    },
    async ready() {
      const response = await open("/readyz");
      if (response.status !== 200 && response.status !== 503) throw await problemOf(response, base);
      return bodyOf<IndexerReadiness>(response, base);
    },
    documents: (sale) => get(of(sale, "/documents")),
    criteria: () => get("/v1/criteria"),
  };
}

async function bodyOf<T>(response: Response, base: string): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw unreachable(base, cause);
  }
}

async function problemOf(response: Response, base: string): Promise<SlipwayError> {
  const problem = readProblem(response, await response.text().catch(() => ""));
  return problem === undefined
    ? unreachable(base, new Error(`HTTP ${String(response.status)}`))
    : new IndexerProblem(...problem);
}

function unreachable(base: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: "indexer-unreachable",
    message: `The indexer at ${base} does not answer`,
    wayOut: "Check that it runs and that this page may read it (CORS_ORIGIN).",
    retryable: true,
    cause,
  });
}

type Message = { id: string | undefined; event: string; data: string };

/** The messages of an event stream, until it ends. */
async function* messagesOf(response: Response, base: string): AsyncGenerator<Message> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  try {
    for (let rest = ""; ;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw unreachable(base, cause);
      });
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const message = messageOf(part);
        if (message !== undefined) yield message;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function messageOf(text: string): Message | undefined {
  const fields = new Map(
    text.split("\n").map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name, value.join(":").trimStart()];
    }),
  );
  const data = fields.get("data");
  return data === undefined
    ? undefined
    : { id: fields.get("id"), event: fields.get("event") ?? "message", data };
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
