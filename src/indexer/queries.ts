import type { Pool } from "pg";
import { getAddress, type Address, type Hex } from "viem";
import { historyKinds } from "../sdk/history.ts";
import type {
  BlockRef,
  Concentration,
  EntriesPage,
  EntryJson,
  PositionJson,
  PositionsPage,
  SaleEventJson,
  SaleEventsPage,
  SaleStats,
} from "../sdk/indexerApi.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { phaseOf } from "../sdk/phase.ts";
import { replayStart } from "../sdk/replay.ts";
import { bytea, hexOf } from "./bytea.ts";
import type { Stop } from "./store.ts";

/** Reads of the copy; they work on a standby as well. */
export type Queries = ReturnType<typeof createQueries>;

type SaleRow = {
  address: Buffer;
  sequence: bigint;
  history: Buffer;
  raised: string;
  purchases: bigint;
  withdrawals: bigint;
  phase: number | null;
  copied_to: bigint;
  quarantine: Stop | null;
  halted: Stop | null;
  buyers: bigint;
  claimed: string;
  refunded: string;
  settled_at: string | null;
  listed_at: bigint | null;
  pool: Hex | null;
  anchor_number: bigint | null;
  anchor_hash: Buffer | null;
  anchor_time: bigint | null;
  head_number: bigint | null;
  head_hash: Buffer | null;
  head_time: bigint | null;
};

const SALES = `
  SELECT s.*, c.halted, c.anchor_number, c.anchor_hash, c.anchor_time,
    h.number AS head_number, h.hash AS head_hash, h.time AS head_time,
    (SELECT args->>'settledAt' FROM events WHERE sale = s.id AND name = 'Finalised') AS settled_at,
    listed.block_time AS listed_at, listed.args->>'id' AS pool
  FROM sales s CROSS JOIN chain c LEFT JOIN LATERAL (SELECT * FROM checkpoints ORDER BY number DESC LIMIT 1) h ON true
    LEFT JOIN events listed ON listed.sale = s.id AND listed.name = 'Listed'
  WHERE s.address = ANY($1::bytea[]) ORDER BY s.id`;

type EntryRow = {
  sequence: bigint;
  kind: number;
  buyer: Buffer;
  nonce: bigint;
  amount: string;
  order_id: Buffer;
  history: Buffer;
  block_number: bigint;
  block_hash: Buffer;
  block_time: bigint;
  transaction: Buffer;
  finalised: boolean;
};

const SALE_ID = "(SELECT id FROM sales WHERE address = $1)";
const FINALISED = "block_number <= coalesce((SELECT anchor_number FROM chain), -1) AS finalised";

/** What finds a few rows by itself comes first, whatever the planner holds to be selective. */
function entriesStatement({ after, limit, buyer, order, transaction }: EntriesQuery) {
  const values: unknown[] = [after, limit + 1];
  const add = (value: Hex) => `$${String(values.push(bytea(value)) + 1)}`;
  const unique = [
    ...(order === undefined ? [] : [`kind = 0 AND order_id = ${add(order)}`]),
    ...(transaction === undefined ? [] : [`transaction = ${add(transaction)}`]),
  ];
  const from =
    unique.length === 0 ? "entries" : `(SELECT * FROM entries WHERE ${unique.join(" AND ")} OFFSET 0) e`;
  const ofBuyer = buyer === undefined ? "" : `AND buyer = ${add(buyer)}`;
  const text = `SELECT *, ${FINALISED} FROM ${from} WHERE sale = ${SALE_ID} AND sequence > $2 ${ofBuyer} ORDER BY sequence LIMIT $3`;
  return { text, values };
}

type PositionRow = {
  buyer: Buffer;
  paid: string;
  nonce: bigint;
  ejected: string;
  claimed: string;
  refunded: string;
  purchases: bigint;
};

const POSITIONS = `SELECT * FROM positions WHERE sale = ${SALE_ID} AND buyer > $2 ORDER BY buyer LIMIT $3`;
const POSITION = `SELECT * FROM positions WHERE sale = ${SALE_ID} AND buyer = $2`;

const CONCENTRATION = `
  SELECT count(*) AS buyers, coalesce(sum(paid), 0) AS paid, coalesce(sum(paid) FILTER (WHERE place <= 1), 0) AS largest1,
    coalesce(sum(paid) FILTER (WHERE place <= 10), 0) AS largest10,
    coalesce(sum(paid) FILTER (WHERE place <= 100), 0) AS largest100
  FROM (SELECT paid, row_number() OVER (ORDER BY paid DESC) AS place FROM positions WHERE sale = ${SALE_ID} AND paid > 0) p`;

type EventRow = {
  name: string;
  args: Record<string, string>;
  block_number: bigint;
  block_hash: Buffer;
  block_time: bigint;
  transaction: Buffer;
  log_index: number;
  finalised: boolean;
};

function eventsStatement(name: string | undefined): string {
  const named = name === undefined ? "" : "AND name = $5";
  return `SELECT *, ${FINALISED} FROM events WHERE sale = ${SALE_ID} AND (block_number, log_index) > ($2, $3) ${named}
    ORDER BY block_number, log_index LIMIT $4`;
}

export type EntriesQuery = { after: number; limit: number; buyer?: Address; order?: Hex; transaction?: Hex };

export function createQueries(pool: Pool, records: readonly LaunchRecord[]) {
  async function sales(addresses: readonly Address[], behind: boolean): Promise<SaleStats[]> {
    const { rows } = await pool.query<SaleRow>(SALES, [addresses.map(bytea)]);
    const rowOf = new Map(rows.map((row) => [getAddress(hexOf(row.address)), row]));
    return records
      .filter(({ sale }) => addresses.includes(sale))
      .map((record) => statsOf(rowOf.get(record.sale) ?? unseen(record), record, behind));
  }

  return {
    sales,

    /** Why the copy of a sale may not be read; undefined when it may. */
    async stopOf(sale: Address): Promise<Stop | undefined> {
      const { rows } = await pool.query<{ stop: Stop | null }>(
        "SELECT coalesce(c.halted, s.quarantine) AS stop FROM chain c LEFT JOIN sales s ON s.address = $1",
        [bytea(sale)],
      );
      return rows[0]?.stop ?? undefined;
    },

    async entries(sale: Address, query: EntriesQuery): Promise<EntriesPage> {
      const { text, values } = entriesStatement(query);
      const { rows } = await pool.query<EntryRow>(text, [bytea(sale), ...values]);
      const entries = rows.slice(0, query.limit).map(entryOf);
      return { entries, next: rows.length > query.limit ? (entries.at(-1)?.sequence ?? null) : null };
    },

    async positions(sale: Address, { after, limit }: { after: Hex; limit: number }): Promise<PositionsPage> {
      const { rows } = await pool.query<PositionRow>(POSITIONS, [bytea(sale), bytea(after), limit + 1]);
      const positions = rows.slice(0, limit).map(positionOf);
      return { positions, next: rows.length > limit ? (positions.at(-1)?.buyer ?? null) : null };
    },

    async position(sale: Address, buyer: Address): Promise<PositionJson | undefined> {
      const { rows } = await pool.query<PositionRow>(POSITION, [bytea(sale), bytea(buyer)]);
      return rows.map(positionOf)[0];
    },

    async concentration(sale: Address): Promise<Concentration> {
      const { rows } = await pool.query<Record<keyof Concentration, string>>(CONCENTRATION, [bytea(sale)]);
      const { buyers = "0", paid = "0", largest1 = "0", largest10 = "0", largest100 = "0" } = rows[0] ?? {};
      return { buyers: Number(buyers), paid, largest1, largest10, largest100 };
    },

    async events(
      sale: Address,
      { after, limit, name }: { after: { block: number; logIndex: number }; limit: number; name?: string },
    ): Promise<SaleEventsPage> {
      const { rows } = await pool.query<EventRow>(eventsStatement(name), [
        ...[bytea(sale), after.block, after.logIndex, limit + 1],
        ...(name === undefined ? [] : [name]),
      ]);
      const events = rows.slice(0, limit).map(eventOf);
      const last = events.at(-1);
      const more = rows.length > limit && last !== undefined;
      return { events, next: more ? `${String(last.block.number)}.${String(last.logIndex)}` : null };
    },

    async ping(): Promise<void> {
      await pool.query("SELECT 1");
    },
  };
}

/** A sale that no writer has registered yet. */
function unseen(record: LaunchRecord): SaleRow {
  const history = Buffer.from(replayStart(record).history.slice(2), "hex");
  return {
    ...{ address: Buffer.alloc(0), sequence: 0n, history, raised: "0", purchases: 0n, withdrawals: 0n },
    ...{ phase: null, copied_to: record.startBlock - 1n, quarantine: null, halted: null, buyers: 0n },
    ...{ claimed: "0", refunded: "0", settled_at: null, listed_at: null, pool: null },
    ...{ anchor_number: null, anchor_hash: null, anchor_time: null },
    ...{ head_number: null, head_hash: null, head_time: null },
  };
}

function statsOf(row: SaleRow, record: LaunchRecord, behind: boolean): SaleStats {
  const anchor = blockOf(row.anchor_number, row.anchor_hash, row.anchor_time);
  const head = blockOf(row.head_number, row.head_hash, row.head_time) ?? anchor;
  const stop = row.halted ?? row.quarantine;
  const { sale: terms } = record.terms;
  return {
    chainId: record.chainId,
    sale: record.sale,
    token: record.token,
    currency: record.currency,
    termsHash: record.termsHash,
    phase: phaseOf(row.phase ?? (record.terms.token.existing === ZERO ? 1 : 0)),
    raised: row.raised,
    softCap: String(terms.softCap),
    hardCap: String(terms.hardCap),
    buyers: Number(row.buyers),
    entries: Number(row.sequence),
    purchases: Number(row.purchases),
    withdrawals: Number(row.withdrawals),
    history: hexOf(row.history),
    opensAt: Number(terms.opensAt),
    closesAt: Number(terms.closesAt),
    settledAt: row.settled_at === null ? null : Number(row.settled_at),
    listedAt: row.listed_at === null ? null : Number(row.listed_at),
    pool: row.pool,
    claimedTokens: row.claimed,
    refunded: row.refunded,
    head: head ?? NO_BLOCK,
    finalised: anchor ?? NO_BLOCK,
    status: statusOf(row, head, behind),
    ...(stop === null ? {} : { reason: stop.reason, wayOut: stop.wayOut }),
  };
}

const ZERO = "0x0000000000000000000000000000000000000000";
const NO_BLOCK: BlockRef = { number: -1, hash: `0x${"00".repeat(32)}`, time: 0 };

function statusOf(row: SaleRow, head: BlockRef | undefined, behind: boolean): SaleStats["status"] {
  if (row.halted !== null) return "halted";
  if (row.quarantine !== null) return "quarantined";
  const reached = head !== undefined && Number(row.copied_to) >= head.number;
  return behind || !reached || row.phase === null ? "syncing" : "live";
}

function blockOf(number: bigint | null, hash: Buffer | null, time: bigint | null): BlockRef | undefined {
  if (number === null || hash === null || time === null) return undefined;
  return { number: Number(number), hash: hexOf(hash), time: Number(time) };
}

function entryOf(row: EntryRow): EntryJson {
  const kind = historyKinds[row.kind];
  if (kind === undefined) throw new RangeError(`No kind ${String(row.kind)}`);
  return {
    sequence: Number(row.sequence),
    kind,
    buyer: getAddress(hexOf(row.buyer)),
    nonce: String(row.nonce),
    amount: row.amount,
    orderId: hexOf(row.order_id),
    history: hexOf(row.history),
    block: { number: Number(row.block_number), hash: hexOf(row.block_hash), time: Number(row.block_time) },
    transaction: hexOf(row.transaction),
    finalised: row.finalised,
  };
}

function positionOf(row: PositionRow): PositionJson {
  return {
    buyer: getAddress(hexOf(row.buyer)),
    paid: row.paid,
    nonce: String(row.nonce),
    ejected: row.ejected,
    claimedTokens: row.claimed,
    refunded: row.refunded,
    purchases: Number(row.purchases),
  };
}

function eventOf(row: EventRow): SaleEventJson {
  return {
    name: row.name,
    args: row.args,
    block: { number: Number(row.block_number), hash: hexOf(row.block_hash), time: Number(row.block_time) },
    transaction: hexOf(row.transaction),
    logIndex: row.log_index,
    finalised: row.finalised,
  };
}
