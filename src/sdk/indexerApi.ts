import type { Address, Hex } from "viem";
import type { LaunchDocuments } from "./documents/checkDocuments.ts";
import type { HistoryKind } from "./history.ts";
import type { Phase } from "./phase.ts";

/**
 * Shapes of the indexer's HTTP API (`/v1`). Amounts are decimal strings of base units; blocks and times are numbers.
 * Errors are RFC 9457 `application/problem+json` with `code` from indexerErrors.ts. Reads of entries, positions and
 * events of a quarantined sale, or on a halted chain, answer 503 with `code` = `sale-quarantined` or `anchor-broken`, the
 * reason and the way out, and `copy-behind` of a sale that is read anew; `SaleStats` are served with their `status`, so that one can see it.
 */

/** `GET /v1/sales`: `SaleStats[]`; `GET /v1/sales/{sale}`. */
export type SaleStats = {
  chainId: number;
  sale: Address;
  token: Address;
  currency: Address;
  termsHash: Hex;
  /** Block that created the sale. */
  startBlock: number;
  /** As `Sale.phase()` answered at `head`. */
  phase: Phase;
  /** Money in positions, currency base units; not lowered by refunds. */
  raised: string;
  softCap: string;
  hardCap: string;
  /** Buyers with a position. */
  buyers: number;
  entries: number;
  purchases: number;
  withdrawals: number;
  history: Hex;
  opensAt: number;
  closesAt: number;
  settledAt: number | null;
  /** Null unless `phase` is `listed`, and so is `pool`: an event alone is one node's word. */
  listedAt: number | null;
  pool: Hex | null;
  claimedTokens: string;
  refunded: string;
  /** Latest block copied, and the finalised anchor below which nothing moves; `number` is −1 before the first. */
  head: BlockRef;
  finalised: BlockRef;
  /** How far the final block is behind the copy's head; left out before the first. */
  finality?: {
    blocks: number;
    seconds: number;
    /**
     * Last block up to which the contracts confirmed this sale's copy, −1 before the first: `finalised` of its entries and
     * events is true up to here, and never above the chain's own.
     */
    proved: number;
    /** Longer than this chain takes, or our passes fail for so long: nothing becomes final, and a listing by our command must wait. */
    stalled: boolean;
    /** Until the listing deadline, from the head's time; null where the sale has ended. */
    deadlineInSeconds: number | null;
  };
  lag?: Lag;
  status: "syncing" | "live" | "quarantined" | "halted";
  reason?: string;
  wayOut?: string;
};

/**
 * How far a copy's head is behind the chain's: blocks that it lacks, and seconds from one to the other; where no node was
 * reached for more than ten seconds, those as well. Left out before the first look at the chain.
 */
export type Lag = { blocks: number; seconds: number };

export type BlockRef = { number: number; hash: Hex; time: number };

/**
 * `GET /v1/sales/{sale}/entries?after={sequence}&limit=…&order=…&buyer=…&transaction=…`: the history, in order from 1;
 * `limit` 1 to 1000, 100 when left out. `next` is the `after` of the next page, null on the last.
 */
export type EntryJson = {
  sequence: number;
  kind: HistoryKind;
  buyer: Address;
  nonce: string;
  amount: string;
  orderId: Hex;
  /** The running hash after this entry. */
  history: Hex;
  block: BlockRef;
  transaction: Hex;
  finalised: boolean;
};
export type EntriesPage = { entries: EntryJson[]; next: number | null };

/** `GET /v1/sales/{sale}/positions?after={buyer}&limit=…` and `GET /v1/sales/{sale}/positions/{buyer}`. */
export type PositionJson = {
  buyer: Address;
  /** As `Sale.positionOf`: what the buyer has in the sale now; zero after withdrawal, ejection, refund. */
  paid: string;
  /** Next valid one. */
  nonce: string;
  /** As `Sale.ejectedOf`: what `releaseEjected` pays now. */
  ejected: string;
  claimedTokens: string;
  /** Of what was paid, at the time of the copy's head; zero before the listing. */
  vestedTokens: string;
  /** What `claim` pays then. */
  claimableTokens: string;
  refunded: string;
  purchases: number;
};
export type PositionsPage = { positions: PositionJson[]; next: Address | null };

/**
 * `GET /v1/sales/{sale}/concentration`: money in positions, of all buyers and of the largest 1, 10 and 100. Addresses are
 * counted, not persons.
 */
export type Concentration = {
  buyers: number;
  paid: string;
  largest1: string;
  largest10: string;
  largest100: string;
};

/**
 * `GET /v1/sales/{sale}/chart?points=…`: the history in `points` steps of equal time (2 to 500, 100 when left out), from the
 * first entry to the last: at the end of each step, what was raised, entries and purchases so far. Empty without an entry.
 */
export type Chart = { points: { time: number; raised: string; entries: number; purchases: number }[] };

/** Who emitted an event: the sale, or a module that it shares with other launches. */
export type EventContract = "sale" | "vesting" | "venue" | "registry";

/**
 * `GET /v1/sales/{sale}/insiders`: the addresses that the launch file names (allocations, roles, treasury, fee), and what
 * those that bought have in the sale. Addresses, not persons: who buys by another one is not seen.
 */
export type Insiders = {
  insiders: { address: Address; labels: string[]; position: PositionJson | null }[];
  /** Money of those positions, and of all. */
  paid: string;
  paidByAll: string;
};

/**
 * `GET /v1/sales/{sale}/supply`: base units of a token that the launch created. `…/supply/total` and
 * `…/supply/circulating` answer one number of whole tokens, as text. Circulating is what has left sale and vesting, the
 * pool included. What holders burn by themselves is not counted.
 */
export type SupplyJson = {
  decimals: number;
  total: string;
  circulating: string;
  inSale: string;
  inVesting: string;
  burned: string;
};

/**
 * `GET /v1/sales/{sale}/entries/{sequence}/proof?limit=…`: the history before an entry, the entry, and what follows it to
 * `end`. `checkEntryProof` replays it; `end.history` is then compared with `Sale.history()`, or with a later proof.
 */
export type EntryProof = {
  before: { sequence: number; history: Hex };
  entries: EntryJson[];
  end: { sequence: number; history: Hex; block: BlockRef };
  /** `end` is the last entry of the copy. */
  complete: boolean;
};

/**
 * `GET /v1/sales/{sale}/log?after={block.logIndex}&limit=…&contract=…&name=…`: every other event of the launch, in the
 * chain's order: the sale's own, and of vesting, venue (its lock) and registry what concerns it. `args` by the names in
 * contracts/interfaces/, numbers as decimal strings.
 */
export type SaleEventJson = {
  contract: EventContract;
  name: string;
  args: Record<string, string>;
  block: BlockRef;
  transaction: Hex;
  logIndex: number;
  finalised: boolean;
};
export type SaleEventsPage = { events: SaleEventJson[]; next: string | null };

/**
 * `GET /v1/sales/{sale}/events` (SSE): event `stats` with `SaleStats`, event `entry` with `EntryJson`. The id of an entry
 * is `{sequence}-{history}`; with it as `Last-Event-ID` the stream goes on after it, else it begins with what is new.
 * `?after=0` sends the whole history first. An entry whose sequence was sent before replaces it and all after it: the
 * chain was reorganised.
 */
export type IndexerEvent = { event: "stats"; data: SaleStats } | { event: "entry"; data: EntryJson };

/**
 * `GET /v1/sales/{sale}/documents`: what issuer, reviewers and platform signed, each checked before it is served; who does
 * not want to trust that checks again (`checkDocuments`). `GET /v1/sales/{sale}/updates.rss?language=…`: the updates as
 * RSS 2.0. `GET /v1/criteria`: the platform's, a `SignedDocument<"criteria">`, or 404 `document-unknown`.
 */
export type DocumentsJson = LaunchDocuments & {
  /** Documents in the folder that are not served; the indexer's log has the reasons. */
  refused: number;
};

/**
 * What webhooks tell: `POST` with `{ "events": WebhookEvent[] }`, final only, in the chain's order, each at least once. The
 * same `id` is the same event; an entry with a sequence told before, under another id, replaces it and all after it. `Slipway-Signature: t=<seconds>,v1=<hex of HMAC-SHA256 over `<t>.<raw body>`>`.
 */
export type WebhookEvent = { id: string; sale: Address } & (
  { type: "entry"; data: EntryJson } | { type: "event"; data: SaleEventJson }
);

/** `GET /readyz`: 200 when every check passes, else 503 with the same body. `GET /healthz`: 200 `{ "ok": true }`. */
export type IndexerReadiness = {
  ready: boolean;
  checks: { name: string; ok: boolean; got?: string; wanted?: string; wayOut?: string }[];
};
