import type { ClientBase } from "pg";
import { getAddress, toFunctionSelector, type Address, type Hex } from "viem";
import type { BlockRef } from "../chain/blocks.ts";
import type { Expectation } from "../chain/expectations.ts";
import type { ChainStep, FollowedSale, FollowerState, FollowerStore } from "../chain/follower.ts";
import type { Mismatch } from "../chain/proveSale.ts";
import type { SaleRange } from "../chain/readRange.ts";
import { countOf } from "../chain/packedEntries.ts";
import { indexerError, indexerErrors } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { replayStart } from "../sdk/replay.ts";
import { bytea, hexOf } from "./bytea.ts";
import { copyRows } from "./copyRows.ts";
import { entryRows } from "./entryRows.ts";
import { expectedTotals } from "./expectedTotals.ts";
import { positionDeltas, type PositionDelta } from "./positionDeltas.ts";
import { positionsFromRows } from "./positionsFromRows.ts";

/** Told after each transaction that was committed. */
export const CHANNEL = "slipway_indexer";

/** What is stored, and shown, of a halt or a quarantine. */
export type Stop = {
  code: "anchor-broken" | "history-mismatch" | "events-mismatch";
  reason: string;
  wayOut: string;
};

/**
 * The copy in PostgreSQL, written through one connection: the one that holds the lease, so that whoever has lost the
 * lease cannot write. What is applied is one transaction: rows and cursor, and what a reorganisation takes back, or nothing.
 */
export function createStore(client: ClientBase, records: readonly LaunchRecord[]): FollowerStore {
  const chainId = records[0]?.chainId ?? 0;

  async function inTransaction<T>(end: "COMMIT" | "ROLLBACK", work: () => Promise<T>): Promise<T> {
    await client.query("BEGIN");
    try {
      const made = await work();
      await client.query(end);
      return made;
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  }

  return {
    load: () => load(client, chainId, records),
    async totals(sale, block) {
      const record = records.find((each) => each.sale === sale);
      if (record === undefined) throw indexerError("internal", `no record of ${sale}`);
      const totals = await expectedTotals(client, record, block);
      return { ...totals, expected: [await expectedHistory(client, record, block), ...totals.expected] };
    },
    without: (to) =>
      inTransaction("ROLLBACK", async () => {
        await rollBack(client, to);
        return load(client, chainId, records);
      }),
    apply: (steps) =>
      inTransaction("COMMIT", async () => {
        for (const step of steps) await write(client, chainId, step);
        await client.query(`NOTIFY ${CHANNEL}`);
      }),
  };
}

/** Adds the chain and the sales that are new; throws `database-other-launch` where the database is another chain's. */
export async function register(client: ClientBase, records: readonly LaunchRecord[]): Promise<void> {
  for (const record of records) {
    const { rows } = await client.query<{ chain_id: bigint }>("SELECT chain_id FROM chain");
    const known = rows[0]?.chain_id;
    if (known !== undefined && known !== BigInt(record.chainId)) {
      throw indexerError(
        "database-other-launch",
        `it holds chain ${String(known)}, not ${String(record.chainId)}`,
      );
    }
    await client.query("INSERT INTO chain (chain_id) VALUES ($1) ON CONFLICT DO NOTHING", [record.chainId]);

    const { history } = replayStart(record);
    const { rows: sales } = await client.query<{ terms_hash: Buffer; start_block: bigint }>(
      `INSERT INTO sales (address, terms_hash, start_block, copied_to, history) VALUES ($1, $2, $3::bigint, $3::bigint - 1, $4)
       ON CONFLICT (address) DO UPDATE SET address = excluded.address RETURNING terms_hash, start_block`,
      [bytea(record.sale), bytea(record.termsHash), record.startBlock, bytea(history)],
    );
    const sale = sales[0];
    if (
      sale === undefined ||
      hexOf(sale.terms_hash) !== record.termsHash ||
      sale.start_block !== record.startBlock
    ) {
      throw indexerError(
        "database-other-launch",
        `it holds ${record.sale} with other terms or another start block`,
      );
    }
  }
}

/** What every reader takes the copy's lag from; not part of the copy. `at` in milliseconds of our clock. */
export async function noteSeen(
  client: ClientBase,
  { number, time }: Pick<BlockRef, "number" | "time">,
  at: number,
): Promise<void> {
  const seen = [number, time, Math.floor(at / 1000)];
  await client.query("UPDATE chain SET seen_number = $1, seen_time = $2, seen_at = $3", seen);
}

type SaleRow = {
  id: number;
  address: Buffer;
  start_block: bigint;
  copied_to: bigint;
  sequence: bigint;
  history: Buffer;
  raised: string;
  pool: Buffer | null;
  proved_to: bigint;
  quarantine: Stop | null;
};
type BlockRow = { number: bigint; hash: Buffer; time: bigint };

async function load(
  client: ClientBase,
  chainId: number,
  records: readonly LaunchRecord[],
): Promise<FollowerState> {
  const { rows: chains } = await client.query<{
    anchor_number: bigint | null;
    anchor_hash: Buffer | null;
    anchor_time: bigint | null;
    halted: Stop | null;
    unsettled: boolean;
  }>("SELECT anchor_number, anchor_hash, anchor_time, halted, unsettled FROM chain WHERE chain_id = $1", [
    chainId,
  ]);
  const { rows: checkpoints } = await client.query<BlockRow>(
    "SELECT number, hash, time FROM checkpoints ORDER BY number",
  );
  const { rows: sales } = await client.query<SaleRow>("SELECT * FROM sales ORDER BY id");

  const [chain] = chains;
  const anchored = chain?.anchor_number != null && chain.anchor_hash != null && chain.anchor_time != null;
  return {
    anchor: anchored
      ? {
          number: Number(chain.anchor_number),
          hash: hexOf(chain.anchor_hash as Buffer),
          time: Number(chain.anchor_time),
        }
      : undefined,
    checkpoints: checkpoints.map(({ number, hash, time }) => ({
      ...{ number: Number(number), hash: hexOf(hash), time: Number(time) },
    })),
    // Of a sale whose record was taken away the copy stays as it is.
    sales: sales.flatMap((row) => {
      const record = records.find(({ sale }) => sale === getAddress(hexOf(row.address)));
      return record === undefined ? [] : [followed(row, record)];
    }),
    halted: chain?.halted != null,
    unsettled: chain?.unsettled === true,
  };
}

function followed(row: SaleRow, { sale, registry, terms }: LaunchRecord): FollowedSale {
  return {
    ...{ sale, vesting: terms.vesting.vesting, venue: terms.listing.venue, registry },
    pool: row.pool === null ? undefined : hexOf(row.pool),
    startBlock: Number(row.start_block),
    copiedTo: Number(row.copied_to),
    replayed: { sequence: Number(row.sequence), history: hexOf(row.history), raised: BigInt(row.raised) },
    quarantined: row.quarantine !== null,
  };
}

async function write(client: ClientBase, chainId: number, step: ChainStep): Promise<void> {
  switch (step.type) {
    case "block":
      for (const sale of step.sales) await writeRange(client, sale, step.to);
      await writeCheckpoints(client, step.checkpoints);
      return;
    case "finalize":
      await client.query(
        "UPDATE chain SET anchor_number = $2, anchor_hash = $3, anchor_time = $4 WHERE chain_id = $1",
        [...[chainId, step.block.number, bytea(step.block.hash), step.block.time]],
      );
      await client.query("DELETE FROM checkpoints WHERE number <= $1", [step.block.number]);
      for (const { sale, provedTo, roundFrom, roundAfter } of step.proved) {
        await client.query(
          "UPDATE sales SET proved_to = $2, round_from = $3, round_after = $4 WHERE address = $1",
          [bytea(sale), provedTo, roundFrom, bytea(roundAfter)],
        );
      }
      return;
    case "reread":
      await reread(client, step.sale);
      return;
    case "reorg":
      await rollBack(client, step.to);
      return;
    case "unsettle":
    case "settle":
      await client.query("UPDATE chain SET unsettled = $2 WHERE chain_id = $1", [
        chainId,
        step.type === "unsettle",
      ]);
      return;
    case "quarantine":
      await client.query("UPDATE sales SET quarantine = $2 WHERE address = $1", [
        bytea(step.mismatch.sale),
        stop(step.mismatch.at === "total" ? "events-mismatch" : "history-mismatch", describe(step.mismatch)),
      ]);
      return;
    case "halt":
      await client.query("UPDATE chain SET halted = $2 WHERE chain_id = $1", [
        chainId,
        stop(
          "anchor-broken",
          `block ${String(step.held.number)} was final as ${step.held.hash}; the chain now has ${step.found.hash}`,
        ),
      ]);
  }
}

function stop(code: Stop["code"], reason: string): Stop {
  return { code, reason, wayOut: indexerErrors[code].wayOut };
}

function describe({ at, sequence, what, block, transaction, got, wanted }: Mismatch): string {
  if (at === "total") {
    return `${what ?? ""} (block ${String(block)}): the copy's events give ${got}, the chain says ${wanted}`;
  }
  const where = `block ${String(block)}${transaction === null ? "" : `, transaction ${transaction}`}`;
  return at === "entry"
    ? `entry ${String(sequence)} (${where}) gives history ${got}, its event says ${wanted}`
    : `after ${String(sequence)} entries (${where}) the copy has ${got}, the sale has ${wanted}`;
}

async function writeCheckpoints(client: ClientBase, blocks: readonly BlockRef[]): Promise<void> {
  if (blocks.length === 0) return;
  await client.query(
    "INSERT INTO checkpoints SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[])",
    [
      blocks.map(({ number }) => number),
      blocks.map(({ hash }) => bytea(hash)),
      blocks.map(({ time }) => time),
    ],
  );
}

async function saleId(client: ClientBase, sale: Address): Promise<number> {
  const { rows } = await client.query<{ id: number }>("SELECT id FROM sales WHERE address = $1", [
    bytea(sale),
  ]);
  const id = rows[0]?.id;
  if (id === undefined) throw indexerError("internal", `no row for sale ${sale}`);
  return id;
}

async function writeRange(client: ClientBase, range: SaleRange, to: BlockRef): Promise<void> {
  const { entries, others, after, pool, state } = range;
  const id = await saleId(client, range.sale);
  if (entries.count > 0) {
    await copyRows(client, "entries", entryRows(id, after.sequence - entries.count + 1, entries));
  }
  if (others.length > 0) {
    await client.query(
      `INSERT INTO events SELECT $1, * FROM unnest($2::bigint[], $3::int[], $4::text[], $5::bytea[], $6::jsonb[], $7::bytea[],
         $8::bigint[], $9::bytea[], $10::text[])`,
      [
        id,
        others.map(({ block }) => block.number),
        others.map(({ logIndex }) => logIndex),
        others.map(({ name }) => name),
        others.map(({ args }) => optionalBytea(args["buyer"] as Hex | undefined)),
        others.map(({ args }) => JSON.stringify(args)),
        others.map(({ block }) => bytea(block.hash)),
        others.map(({ time }) => time),
        others.map(({ transaction }) => bytea(transaction)),
        others.map(({ contract }) => contract),
      ],
    );
  }
  await writePositions(client, id, range);
  await client.query(
    `UPDATE sales SET copied_to = $2, sequence = $3, history = $4, raised = $5, purchases = purchases + $6,
       withdrawals = withdrawals + $7, phase = coalesce($8, phase), pool = $9 WHERE id = $1`,
    [
      ...[id, to.number, after.sequence, bytea(after.history), after.raised],
      ...[countOf(entries, "purchase"), countOf(entries, "withdraw"), state?.phase ?? null],
      pool === undefined ? null : bytea(pool),
    ],
  );
}

function optionalBytea(hex: Hex | undefined): string | null {
  return hex === undefined ? null : bytea(hex);
}

async function writePositions(client: ClientBase, id: number, { entries, others }: SaleRange): Promise<void> {
  const deltas = positionDeltas(entries, others);
  if (deltas.length === 0) return;
  const sum = (of: (delta: PositionDelta) => bigint) =>
    deltas.reduce((total, delta) => total + of(delta), 0n);
  await client.query(
    `WITH before AS (SELECT count(*) AS buyers FROM positions WHERE sale = $1 AND buyer = ANY($2::bytea[]) AND paid > 0),
     written AS (
       INSERT INTO positions SELECT $1, * FROM unnest($2::bytea[], $3::numeric[], $4::bigint[], $5::numeric[], $6::numeric[],
         $7::numeric[], $8::bigint[])
       ON CONFLICT (sale, buyer) DO UPDATE SET
         paid = positions.paid + excluded.paid,
         nonce = greatest(positions.nonce, excluded.nonce),
         ejected = positions.ejected + excluded.ejected,
         claimed = positions.claimed + excluded.claimed,
         refunded = positions.refunded + excluded.refunded,
         purchases = positions.purchases + excluded.purchases
       RETURNING paid)
     UPDATE sales SET claimed = claimed + $9, refunded = refunded + $10,
       buyers = buyers - (SELECT buyers FROM before) + (SELECT count(*) FROM written WHERE paid > 0)
     WHERE id = $1`,
    [
      id,
      deltas.map(({ buyer }) => bytea(buyer)),
      deltas.map(({ paid }) => paid),
      deltas.map(({ nonce }) => nonce),
      deltas.map(({ ejected }) => ejected),
      deltas.map(({ claimed }) => claimed),
      deltas.map(({ refunded }) => refunded),
      deltas.map(({ purchases }) => purchases),
      ...[sum(({ claimed }) => claimed), sum(({ refunded }) => refunded)],
    ],
  );
}

/** Deletes what is above `to` and brings the sums and positions of those concerned back to what remains. */
async function rollBack(client: ClientBase, to: BlockRef): Promise<void> {
  const { rows: sales } = await client.query<SaleRow>("SELECT * FROM sales WHERE copied_to > $1", [
    to.number,
  ]);
  for (const sale of sales) await rollBackSale(client, sale.id, to.number);
  await client.query("DELETE FROM checkpoints WHERE number > $1", [to.number]);
}

/** Leaves nothing of one sale. */
async function reread(client: ClientBase, sale: Address): Promise<void> {
  const { rows } = await client.query<SaleRow>("SELECT * FROM sales WHERE address = $1", [bytea(sale)]);
  const [row] = rows;
  if (row === undefined) throw indexerError("internal", `no row for sale ${sale}`);
  const before = row.start_block - 1n;
  await rollBackSale(client, row.id, Number(before));
  await client.query(
    "UPDATE sales SET proved_to = least(proved_to, $2), round_from = NULL, round_after = '', phase = NULL WHERE id = $1",
    [row.id, before],
  );
}

/** Leaves of one sale what is in blocks up to `number`. */
export async function rollBackSale(client: ClientBase, id: number, number: number): Promise<void> {
  const { rows } = await client.query<{ buyer: Buffer | null }>(
    `WITH gone AS (DELETE FROM entries WHERE sale = $1 AND sequence > coalesce(
         (SELECT sequence FROM entries WHERE sale = $1 AND block_number <= $2 ORDER BY sequence DESC LIMIT 1), 0)
       RETURNING buyer),
     others AS (DELETE FROM events WHERE sale = $1 AND block_number > $2 RETURNING buyer)
     SELECT buyer FROM gone UNION SELECT buyer FROM others`,
    [id, number],
  );
  const buyers = rows.flatMap(({ buyer }) => (buyer === null ? [] : [bytea(hexOf(buyer))]));
  await client.query("DELETE FROM positions WHERE sale = $1 AND buyer = ANY($2::bytea[])", [id, buyers]);
  await client.query(REBUILD_POSITIONS, [id, buyers]);
  await client.query(REBUILD_SALE, [id, number, await startOf(client, id)]);
}

/** The history in a block: every node that has its state must say the same. */
async function expectedHistory(
  client: ClientBase,
  { sale, chainId, termsHash }: LaunchRecord,
  block: number,
): Promise<Expectation> {
  const { rows } = await client.query<{ history: Buffer }>(
    `SELECT history FROM entries WHERE sale = (SELECT id FROM sales WHERE address = $1) AND block_number <= $2
     ORDER BY sequence DESC LIMIT 1`,
    [bytea(sale), block],
  );
  const [last] = rows;
  const wanted = last === undefined ? replayStart({ chainId, sale, termsHash }).history : hexOf(last.history);
  return { what: "history()", to: sale, data: toFunctionSelector("history()"), wanted: [wanted] };
}

async function startOf(client: ClientBase, id: number): Promise<string> {
  const { rows } = await client.query<{ address: Buffer; terms_hash: Buffer; chain_id: bigint }>(
    "SELECT address, terms_hash, chain_id FROM sales, chain WHERE id = $1",
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw indexerError("internal", `no row for sale ${String(id)}`);
  const { history } = replayStart({
    chainId: Number(row.chain_id),
    sale: getAddress(hexOf(row.address)),
    termsHash: hexOf(row.terms_hash),
  });
  return bytea(history);
}

const REBUILD_POSITIONS = `INSERT INTO positions ${positionsFromRows()}`;

const REBUILD_SALE = `
  UPDATE sales SET copied_to = least(copied_to, $2), sequence = left_.sequence, raised = left_.raised,
    purchases = left_.purchases, withdrawals = left_.withdrawals,
    history = coalesce((SELECT e.history FROM entries e WHERE e.sale = $1 AND e.sequence = left_.sequence), $3::bytea),
    buyers = held.buyers, claimed = held.claimed, refunded = held.refunded,
    pool = (SELECT decode(substr(args->>'id', 3), 'hex') FROM events WHERE sale = $1 AND contract = 'sale' AND name = 'Listed' LIMIT 1)
  FROM (
    SELECT count(*) FILTER (WHERE paid > 0) AS buyers, coalesce(sum(p.claimed), 0) AS claimed,
      coalesce(sum(p.refunded), 0) AS refunded
    FROM positions p WHERE p.sale = $1
  ) AS held, (
    SELECT coalesce(max(sequence), 0) AS sequence,
      coalesce(sum(CASE kind WHEN 0 THEN amount WHEN 2 THEN 0 ELSE -amount END), 0) AS raised,
      count(*) FILTER (WHERE kind = 0) AS purchases, count(*) FILTER (WHERE kind = 1) AS withdrawals
    FROM entries WHERE sale = $1
  ) AS left_ WHERE id = $1`;
