import type { Address, Hex } from "viem";
import type { HistoryKind } from "./history.ts";
import type { Phase } from "./phase.ts";

/**
 * Shapes of the indexer's HTTP API (`/v1`). Amounts are decimal strings of base units; blocks and times are numbers.
 * Reads of a quarantined sale answer 503 with `code` = `sale-quarantined`, the reason and the way out.
 */

/** `GET /v1/sales`, `GET /v1/sales/{sale}`. */
export type SaleStats = {
  chainId: number;
  sale: Address;
  token: Address;
  currency: Address;
  termsHash: Hex;
  phase: Phase;
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
  listedAt: number | null;
  pool: Hex | null;
  claimedTokens: string;
  refunded: string;
  /** Latest block copied, and the finalised anchor below which nothing moves. */
  head: BlockRef;
  finalised: BlockRef;
  status: "syncing" | "live" | "quarantined" | "halted";
  reason?: string;
  wayOut?: string;
};

export type BlockRef = { number: number; hash: Hex; time: number };

/** `GET /v1/sales/{sale}/entries?after={sequence}&limit=…&order=…&buyer=…`: the history, in order from 1. */
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
  paid: string;
  nonce: string;
  ejected: string;
  claimedTokens: string;
  refunded: string;
  purchases: number;
};
export type PositionsPage = { positions: PositionJson[]; next: Address | null };

/** `GET /v1/sales/{sale}/events` (SSE): event `stats` with `SaleStats`, event `entry` with `EntryJson`; ids resume. */
export type IndexerEvent = { event: "stats"; data: SaleStats } | { event: "entry"; data: EntryJson };
