import type { Pool } from "pg";
import { getAddress, type Address, type Hex } from "viem";
import type { Clock } from "../chain/clock.ts";
import { stalledAfterSeconds } from "../chain/finality.ts";
import { historyKinds } from "../sdk/history.ts";
import type {
  BlockRef,
  Chart,
  Concentration,
  EntriesPage,
  EntryJson,
  EntryProof,
  EventContract,
  Lag,
  PositionJson,
  PositionsPage,
  SaleEventJson,
  SaleEventsPage,
  SaleStats,
  SupplyJson,
} from "../sdk/indexerApi.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { phaseOf, phases } from "../sdk/phase.ts";
import { replayStart } from "../sdk/replay.ts";
import { vested } from "../sdk/vested.ts";
import { bytea, hexOf } from "./bytea.ts";
import type { Stop } from "./store.ts";
import { supplyOf } from "./supply.ts";

const ZERO = "0x0000000000000000000000000000000000000000";

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
  proved_to: bigint;
  quarantine: Stop | null;
  halted: Stop | null;
  unsettled: boolean;
  buyers: bigint;
  claimed: string;
  refunded: string;
  settled_at: string | null;
  listed_at: bigint | null;
  pool: Buffer | null;
  anchor_number: bigint | null;
  anchor_hash: Buffer | null;
  anchor_time: bigint | null;
  head_number: bigint | null;
  head_hash: Buffer | null;
  head_time: bigint | null;
  seen_number: bigint | null;
  seen_time: bigint | null;
  seen_at: bigint | null;
};

const SALES = `
  SELECT s.*, c.halted, c.unsettled, c.anchor_number, c.anchor_hash, c.anchor_time, c.seen_number, c.seen_time, c.seen_at,
    h.number AS head_number, h.hash AS head_hash, h.time AS head_time,
    (SELECT args->>'settledAt' FROM events WHERE sale = s.id AND name = 'Finalised' AND contract = 'sale' LIMIT 1) AS settled_at,
    (SELECT block_time FROM events WHERE sale = s.id AND name = 'Listed' AND contract = 'sale' LIMIT 1) AS listed_at
  FROM sales s CROSS JOIN chain c LEFT JOIN LATERAL (SELECT * FROM checkpoints ORDER BY number DESC LIMIT 1) h ON true
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

/** Whether a sale's copy may be read, and which one it is. */
export type CopyState = {
  /** Why it is not trusted. */
  stop: Stop | undefined;
  /** It went back below what was final, and is being read anew. */
  behind: boolean;
  /** It has all that the writer has seen of the chain. */
  reached: boolean;
  /** Another value after each time that it went back below what was final, or was forgotten. */
  copy: string;
};
type CopyRow = { stop: Stop | null; behind: boolean | null; reached: boolean | null; copy: string | null };

const COPY_STATE = `
  SELECT coalesce(c.halted, s.quarantine) AS stop, s.copied_to < c.anchor_number AS behind,
    s.copied_to >= c.seen_number AS reached, s.id || '.' || s.recopies AS copy
  FROM chain c LEFT JOIN sales s ON s.address = $1`;

const SALE_ID = "(SELECT id FROM sales WHERE address = $1)";
/** Final is what the chain does not take back and the contracts have confirmed. */
const FINAL_TO =
  "(SELECT least(coalesce(c.anchor_number, -1), s.proved_to) FROM chain c, sales s WHERE s.address = $1)";
const FINALISED = `block_number <= ${FINAL_TO} AS finalised`;
/** An event that says so is one node's word until the sale's phase does. */
const IS_LISTED = `phase = ${String(phases.indexOf("listed"))}`;

/** Nothing is looked through where nothing is final. */
const LAST_FINAL = `
  SELECT sequence FROM entries WHERE sale = ${SALE_ID} AND block_number <= ${FINAL_TO}
    AND ${FINAL_TO} >= (SELECT start_block FROM sales WHERE address = $1) ORDER BY sequence DESC LIMIT 1`;

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

/** When the sale was listed, and the time of the copy's head. */
const VESTING_CLOCK = `
  SELECT (SELECT block_time FROM events WHERE contract = 'sale' AND name = 'Listed'
      AND sale = (SELECT id FROM sales WHERE address = $1 AND ${IS_LISTED}) LIMIT 1) AS listed_at,
    coalesce((SELECT max(time) FROM checkpoints), (SELECT anchor_time FROM chain)) AS now`;

const TOKEN_SUMS = `
  SELECT s.raised, s.claimed, s.phase, e.*,
    (SELECT args->>'unsold' FROM events WHERE sale = s.id AND s.${IS_LISTED} AND contract = 'sale' AND name = 'Listed' LIMIT 1) AS unsold
  FROM sales s, LATERAL (
    SELECT
      coalesce(sum((args->>'total')::numeric) FILTER (WHERE contract = 'vesting' AND name = 'Registered'), 0)
        - coalesce(sum((args->>'tokens')::numeric)
            FILTER (WHERE contract = 'vesting' AND name IN ('Claimed', 'ReturnedToSale')), 0)
        - coalesce(sum((args->>'returned')::numeric) FILTER (WHERE contract = 'vesting' AND name = 'Revoked'), 0) AS vesting,
      coalesce(sum((args->>'tokens')::numeric) FILTER (WHERE name = 'UnsoldReleased' AND args->>'to' = '${ZERO}'), 0) AS burned,
      coalesce(sum((args->>'tokens')::numeric) FILTER (WHERE name = 'UnsoldReleased' AND args->>'to' <> '${ZERO}'), 0) AS released
    FROM events WHERE sale = s.id AND (contract <> 'sale' OR name NOT IN ('Claimed', 'Refunded', 'EjectedReleased'))
      AND name NOT IN ('Announced', 'FeesCollected')
      AND name IN ('Registered', 'Claimed', 'ReturnedToSale', 'Revoked', 'UnsoldReleased')
  ) e WHERE s.address = $1`;

const POSITIONS = `SELECT * FROM positions WHERE sale = ${SALE_ID} AND buyer > $2 ORDER BY buyer LIMIT $3`;
const POSITIONS_OF = `SELECT * FROM positions WHERE sale = ${SALE_ID} AND buyer = ANY($2::bytea[])`;

/** Sums by step first, so that what is added up in order are a few rows. */
const CHART = `
  WITH bounds AS (
    SELECT (SELECT block_time FROM entries WHERE sale = ${SALE_ID} ORDER BY sequence LIMIT 1) AS first,
      (SELECT block_time FROM entries WHERE sale = ${SALE_ID} ORDER BY sequence DESC LIMIT 1) AS last
  ), steps AS (
    SELECT least($2::bigint, 1 + (block_time - first) * $2::bigint / greatest(1, last - first)) AS step, count(*) AS entries,
      count(*) FILTER (WHERE kind = 0) AS purchases,
      sum(CASE kind WHEN 0 THEN amount WHEN 2 THEN 0 ELSE -amount END) AS raised
    FROM entries, bounds WHERE sale = ${SALE_ID} GROUP BY step
  )
  SELECT first + (last - first) * n / $2::bigint AS time, coalesce(sum(raised) OVER past, 0) AS raised,
    coalesce(sum(entries) OVER past, 0)::bigint AS entries, coalesce(sum(purchases) OVER past, 0)::bigint AS purchases
  FROM bounds CROSS JOIN generate_series(1, $2::bigint) n LEFT JOIN steps ON step = n
  WHERE first IS NOT NULL WINDOW past AS (ORDER BY n) ORDER BY n`;

type ChartRow = { time: bigint; raised: string; entries: bigint; purchases: bigint };

const CONCENTRATION = `
  SELECT count(*) AS buyers, coalesce(sum(paid), 0) AS paid, coalesce(sum(paid) FILTER (WHERE place <= 1), 0) AS largest1,
    coalesce(sum(paid) FILTER (WHERE place <= 10), 0) AS largest10,
    coalesce(sum(paid) FILTER (WHERE place <= 100), 0) AS largest100
  FROM (SELECT paid, row_number() OVER (ORDER BY paid DESC) AS place FROM positions WHERE sale = ${SALE_ID} AND paid > 0) p`;

type TokenSumsRow = Record<"raised" | "claimed" | "vesting" | "burned" | "released", string> & {
  unsold: string | null;
};

type EventRow = {
  contract: EventContract;
  name: string;
  args: Record<string, string>;
  block_number: bigint;
  block_hash: Buffer;
  block_time: bigint;
  transaction: Buffer;
  log_index: number;
  finalised: boolean;
};

function eventsStatement({ after, limit, contract, name }: EventsQuery) {
  const values: unknown[] = [after.block, after.logIndex, limit + 1];
  const is = (column: string, value: string | undefined) =>
    value === undefined ? "" : `AND ${column} = $${String(values.push(value) + 1)}`;
  const text = `SELECT *, ${FINALISED} FROM events WHERE sale = ${SALE_ID} AND (block_number, log_index) > ($2, $3)
    ${is("contract", contract)} ${is("name", name)} ORDER BY block_number, log_index LIMIT $4`;
  return { text, values };
}

export type EventsQuery = {
  after: { block: number; logIndex: number };
  limit: number;
  contract?: EventContract;
  name?: string;
};
export type EntriesQuery = { after: number; limit: number; buyer?: Address; order?: Hex; transaction?: Hex };

export function createQueries(pool: Pool, records: readonly LaunchRecord[], clock: Pick<Clock, "now">) {
  async function sales(addresses: readonly Address[], behind: boolean): Promise<SaleStats[]> {
    const { rows } = await pool.query<SaleRow>(SALES, [addresses.map(bytea)]);
    const rowOf = new Map(rows.map((row) => [getAddress(hexOf(row.address)), row]));
    const now = Math.floor(clock.now() / 1000);
    return records
      .filter(({ sale }) => addresses.includes(sale))
      .map((record) => statsOf(rowOf.get(record.sale) ?? unseen(record), record, { behind, now }));
  }

  function recordOf(sale: Address): LaunchRecord {
    const record = records.find((each) => each.sale === sale);
    if (record === undefined) throw new RangeError(`no record of ${sale}`);
    return record;
  }

  async function positionReader(sale: Address): Promise<(row: PositionRow) => PositionJson> {
    const { rows } = await pool.query<{ listed_at: bigint | null; now: bigint | null }>(VESTING_CLOCK, [
      bytea(sale),
    ]);
    const { listed_at: listedAt = null, now = null } = rows[0] ?? {};
    const elapsed = listedAt === null || now === null || now < listedAt ? undefined : now - listedAt;
    return (row) => positionOf(row, recordOf(sale), elapsed);
  }

  async function positionsOf(sale: Address, buyers: readonly Address[]): Promise<PositionJson[]> {
    const { rows } = await pool.query<PositionRow>(POSITIONS_OF, [bytea(sale), buyers.map(bytea)]);
    return rows.map(await positionReader(sale));
  }

  return {
    sales,

    async copyOf(sale: Address): Promise<CopyState> {
      const { rows } = await pool.query<CopyRow>(COPY_STATE, [bytea(sale)]);
      const { stop = null, behind = null, reached = null, copy = null } = rows[0] ?? {};
      return {
        stop: stop ?? undefined,
        behind: behind === true,
        reached: reached === true,
        copy: copy ?? "",
      };
    },

    async entries(sale: Address, query: EntriesQuery): Promise<EntriesPage> {
      const { text, values } = entriesStatement(query);
      const { rows } = await pool.query<EntryRow>(text, [bytea(sale), ...values]);
      const entries = rows.slice(0, query.limit).map(entryOf);
      return { entries, next: rows.length > query.limit ? (entries.at(-1)?.sequence ?? null) : null };
    },

    /** Sequence of the last entry that is final; zero before the first. */
    async lastFinal(sale: Address): Promise<number> {
      const { rows } = await pool.query<{ sequence: bigint }>(LAST_FINAL, [bytea(sale)]);
      return Number(rows[0]?.sequence ?? 0);
    },

    async positions(sale: Address, { after, limit }: { after: Hex; limit: number }): Promise<PositionsPage> {
      const { rows } = await pool.query<PositionRow>(POSITIONS, [bytea(sale), bytea(after), limit + 1]);
      const positions = rows.slice(0, limit).map(await positionReader(sale));
      return { positions, next: rows.length > limit ? (positions.at(-1)?.buyer ?? null) : null };
    },

    async position(sale: Address, buyer: Address): Promise<PositionJson | undefined> {
      return (await positionsOf(sale, [buyer]))[0];
    },

    positionsOf,

    /** What of the launch's token is where. */
    async supply(sale: Address): Promise<SupplyJson> {
      const record = recordOf(sale);
      const { rows } = await pool.query<TokenSumsRow>(TOKEN_SUMS, [bytea(sale)]);
      const [row] = rows;
      const unsold = row?.unsold ?? undefined;
      const born = record.token !== ZERO || unsold !== undefined;
      return supplyOf(record, {
        ...{ born, unsold: unsold === undefined ? undefined : BigInt(unsold) },
        ...{ raised: BigInt(row?.raised ?? 0), claimed: BigInt(row?.claimed ?? 0) },
        ...{ vesting: BigInt(row?.vesting ?? 0), burned: BigInt(row?.burned ?? 0) },
        released: BigInt(row?.released ?? 0),
      });
    },

    /** Undefined where the copy has no such entry. */
    async proof(sale: Address, sequence: number, limit: number): Promise<EntryProof | undefined> {
      const { text, values } = entriesStatement({ after: Math.max(0, sequence - 2), limit: limit + 1 });
      const { rows } = await pool.query<EntryRow>(text, [bytea(sale), ...values]);
      const found = rows.map(entryOf);
      const earlier = sequence === 1 ? undefined : found.shift();
      const entries = found.slice(0, limit);
      const [first, last] = [entries[0], entries.at(-1)];
      if (first?.sequence !== sequence || last === undefined) return undefined;
      return {
        before: { sequence: sequence - 1, history: earlier?.history ?? replayStart(recordOf(sale)).history },
        entries,
        end: { sequence: last.sequence, history: last.history, block: last.block },
        complete: found.length <= limit,
      };
    },

    async concentration(sale: Address): Promise<Concentration> {
      const { rows } = await pool.query<Record<keyof Concentration, string>>(CONCENTRATION, [bytea(sale)]);
      const { buyers = "0", paid = "0", largest1 = "0", largest10 = "0", largest100 = "0" } = rows[0] ?? {};
      return { buyers: Number(buyers), paid, largest1, largest10, largest100 };
    },

    async chart(sale: Address, points: number): Promise<Chart> {
      const { rows } = await pool.query<ChartRow>(CHART, [bytea(sale), points]);
      return {
        points: rows.map(({ time, raised, entries, purchases }) => ({
          ...{ time: Number(time), raised, entries: Number(entries), purchases: Number(purchases) },
        })),
      };
    },

    async events(sale: Address, query: EventsQuery): Promise<SaleEventsPage> {
      const { limit } = query;
      const { text, values } = eventsStatement(query);
      const { rows } = await pool.query<EventRow>(text, [bytea(sale), ...values]);
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
    ...{
      phase: null,
      copied_to: record.startBlock - 1n,
      proved_to: -1n,
      quarantine: null,
      halted: null,
      buyers: 0n,
    },
    ...{ claimed: "0", refunded: "0", settled_at: null, listed_at: null, pool: null },
    ...{ unsettled: false, anchor_number: null, anchor_hash: null, anchor_time: null },
    ...{ head_number: null, head_hash: null, head_time: null },
    ...{ seen_number: null, seen_time: null, seen_at: null },
  };
}

/** What the process knows that answers: whether it is copying and has more to copy, and the time in seconds. */
type Now = { behind: boolean; now: number };

function statsOf(row: SaleRow, record: LaunchRecord, { behind, now }: Now): SaleStats {
  const anchor = blockOf(row.anchor_number, row.anchor_hash, row.anchor_time);
  const head = blockOf(row.head_number, row.head_hash, row.head_time) ?? anchor;
  const stop = row.halted ?? row.quarantine;
  const seen = seenOf(row);
  const status = statusOf(row, head, behind || (seen?.number ?? -1) > (head?.number ?? -1));
  const { sale: terms } = record.terms;
  const phase = phaseOf(row.phase ?? (record.terms.token.existing === ZERO ? 1 : 0));
  const listed = phase === "listed";
  return {
    chainId: record.chainId,
    sale: record.sale,
    token: record.token,
    currency: record.currency,
    termsHash: record.termsHash,
    startBlock: Number(record.startBlock),
    phase,
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
    listedAt: row.listed_at === null || !listed ? null : Number(row.listed_at),
    pool: row.pool === null || !listed ? null : hexOf(row.pool),
    claimedTokens: row.claimed,
    refunded: row.refunded,
    head: head ?? NO_BLOCK,
    finalised: anchor ?? NO_BLOCK,
    ...(head === undefined || anchor === undefined
      ? {}
      : { finality: finalityOf(record, row, { head, anchor, seen, live: status === "live", now }) }),
    ...(head === undefined || seen === undefined ? {} : { lag: lagOf(head, seen, now) }),
    status,
    ...(stop === null ? {} : { reason: stop.reason, wayOut: stop.wayOut }),
  };
}

const NO_BLOCK: BlockRef = { number: -1, hash: `0x${"00".repeat(32)}`, time: 0 };

function finalityOf(
  { chainId, terms }: LaunchRecord,
  { phase, proved_to: proved }: SaleRow,
  {
    head,
    anchor,
    seen,
    live,
    now,
  }: { head: BlockRef; anchor: BlockRef; seen: Seen | undefined; live: boolean; now: number },
): NonNullable<SaleStats["finality"]> {
  const stalledAfter = stalledAfterSeconds(chainId);
  // A chain that makes no blocks finalises none, nor does a writer whose passes fail; a local one has a clock of its own.
  const seenAt = seen === undefined || stalledAfter === undefined ? 0 : seen.at + silenceOf(seen, now);
  const time = Math.max(head.time, seenAt);
  // A copy that catches up holds old blocks above its anchor.
  const near = seen === undefined ? live : seen.time - head.time <= (stalledAfter ?? Infinity);
  const ended = phase !== null && ["listed", "failed"].includes(phaseOf(phase));
  return {
    blocks: head.number - anchor.number,
    seconds: head.time - anchor.time,
    proved: Number(proved),
    stalled: near && time - anchor.time > (stalledAfter ?? Infinity),
    deadlineInSeconds: ended ? null : Number(terms.listing.deadline) - time,
  };
}

/** The chain's latest block, as the writer last saw it; `at` says when. */
type Seen = { number: number; time: number; at: number };

function seenOf({ seen_number: number, seen_time: time, seen_at: at }: SaleRow): Seen | undefined {
  if (number === null || time === null || at === null) return undefined;
  return { number: Number(number), time: Number(time), at: Number(at) };
}

/** A shorter silence is a pause between two looks; answers stay the same meanwhile. */
const SILENCE_SECONDS = 10;

function silenceOf(seen: Seen, now: number): number {
  return now - seen.at > SILENCE_SECONDS ? now - seen.at : 0;
}

function lagOf(head: BlockRef, seen: Seen, now: number): Lag {
  return {
    blocks: Math.max(0, seen.number - head.number),
    seconds: Math.max(0, seen.time - head.time) + silenceOf(seen, now),
  };
}

function statusOf(row: SaleRow, head: BlockRef | undefined, behind: boolean): SaleStats["status"] {
  if (row.halted !== null) return "halted";
  if (row.quarantine !== null) return "quarantined";
  const reached = head !== undefined && Number(row.copied_to) >= head.number;
  return behind || row.unsettled || !reached || row.phase === null ? "syncing" : "live";
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

function positionOf(row: PositionRow, { terms }: LaunchRecord, elapsed: bigint | undefined): PositionJson {
  const { currencyUnits, tokenUnits } = terms.sale.price;
  const released = elapsed === undefined ? 0n : vested(terms.vesting.buyers, BigInt(row.paid), elapsed);
  // As Sale.claim: whole `currencyUnits`.
  const vestedTokens = (released / currencyUnits) * tokenUnits;
  return {
    buyer: getAddress(hexOf(row.buyer)),
    paid: row.paid,
    nonce: String(row.nonce),
    ejected: row.ejected,
    claimedTokens: row.claimed,
    vestedTokens: String(vestedTokens),
    claimableTokens: String(elapsed === undefined ? 0n : vestedTokens - BigInt(row.claimed)),
    refunded: row.refunded,
    purchases: Number(row.purchases),
  };
}

function eventOf(row: EventRow): SaleEventJson {
  return {
    contract: row.contract,
    name: row.name,
    args: row.args,
    block: { number: Number(row.block_number), hash: hexOf(row.block_hash), time: Number(row.block_time) },
    transaction: hexOf(row.transaction),
    logIndex: row.log_index,
    finalised: row.finalised,
  };
}
