import type { Pool, PoolClient } from "pg";
import { getAddress, type Address, type Hex } from "viem";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { Voucher } from "../../sdk/voucher.ts";

type Database = Pool | PoolClient;

/** An order with its latest voucher. */
export type StoredOrder = {
  seq: bigint;
  orderId: Hex;
  principal: string;
  key: string;
  buyer: Address;
  nonce: bigint;
  cumulativeCap: bigint;
  supersedes: Hex | undefined;
  supersededBy: Hex | undefined;
  revoked: boolean;
  fromBlock: bigint;
  /** Seconds. */
  createdAt: number;
  voucher: { number: number; validFrom: bigint; validUntil: bigint };
};

export type NewOrder = Pick<
  StoredOrder,
  "orderId" | "principal" | "key" | "buyer" | "nonce" | "cumulativeCap" | "supersedes" | "fromBlock"
>;

type Row = {
  seq: bigint;
  order_id: Hex;
  principal: string;
  key: string;
  buyer: string;
  nonce: string;
  cumulative_cap: string;
  supersedes: Hex | null;
  superseded_by: Hex | null;
  revoked: boolean;
  from_block: bigint;
  created_at: string;
  number: number;
  valid_from: string;
  valid_until: string;
};

const select = `
  SELECT o.seq, o.order_id, o.principal, o.key, o.buyer, o.nonce, o.cumulative_cap, o.supersedes, o.superseded_by,
         o.revoked_at IS NOT NULL AS revoked, o.from_block, floor(extract(epoch FROM o.created_at))::text AS created_at,
         v.number, v.valid_from, v.valid_until
  FROM orders o
  JOIN LATERAL (SELECT * FROM vouchers WHERE order_id = o.order_id ORDER BY number DESC LIMIT 1) v ON true
  WHERE o.chain_id = $1 AND o.sale = $2`;

export async function findByKey(database: Database, record: LaunchRecord, principal: string, key: string) {
  return one(database, record, "o.principal = $3 AND o.key = $4", [principal, key]);
}

export async function findById(database: Database, record: LaunchRecord, orderId: Hex) {
  return one(database, record, "o.order_id = $3", [orderId]);
}

/** The order of this wallet that may be redeemed at this nonce. */
export async function findOpen(database: Database, record: LaunchRecord, buyer: Address, nonce: bigint) {
  const condition = "o.buyer = $3 AND o.nonce = $4 AND o.superseded_by IS NULL AND o.revoked_at IS NULL";
  return one(database, record, condition, [buyer.toLowerCase(), nonce.toString()]);
}

/** All of a wallet's or a principal's orders, newest first, at most 100. */
export async function listOrders(
  database: Database,
  record: LaunchRecord,
  by: { principal: string; buyer?: Address },
) {
  const condition = "(o.principal = $3 OR o.buyer = $4) ORDER BY o.seq DESC LIMIT 100";
  return all(database, record, condition, [by.principal, by.buyer?.toLowerCase() ?? ""]);
}

/** A page of all orders, oldest first. */
export async function pageOfOrders(database: Database, record: LaunchRecord, after: bigint, limit: number) {
  return all(database, record, "o.seq > $3 ORDER BY o.seq LIMIT $4", [after, limit]);
}

/** A page of all orders, of one, or of a wallet's, newest first. */
export async function newestOrders(
  database: Database,
  record: LaunchRecord,
  {
    order,
    buyer,
    before,
    limit,
  }: { order: Hex | undefined; buyer: Address | undefined; before: bigint; limit: number },
) {
  const condition = `($3::text IS NULL OR o.order_id = $3) AND ($4::text IS NULL OR o.buyer = $4) AND o.seq < $5
    ORDER BY o.seq DESC LIMIT $6`;
  return all(database, record, condition, [order ?? null, buyer?.toLowerCase() ?? null, before, limit]);
}

/** In the caller's transaction: the order it replaces gives way first, as one alone may be open. */
export async function insertOrder(client: PoolClient, record: LaunchRecord, order: NewOrder): Promise<void> {
  if (order.supersedes !== undefined) {
    await client.query("UPDATE orders SET superseded_by = $2 WHERE order_id = $1", [
      order.supersedes,
      order.orderId,
    ]);
  }
  await client.query(
    `INSERT INTO orders (chain_id, sale, order_id, principal, key, buyer, nonce, cumulative_cap, supersedes, from_block)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[record.chainId, record.sale.toLowerCase(), order.orderId, order.principal, order.key],
      ...[order.buyer.toLowerCase(), order.nonce.toString(), order.cumulativeCap.toString()],
      ...[order.supersedes ?? null, order.fromBlock],
    ],
  );
}

export async function insertVoucher(
  client: PoolClient,
  orderId: Hex,
  { number, validFrom, validUntil }: StoredOrder["voucher"],
): Promise<void> {
  await client.query(
    "INSERT INTO vouchers (order_id, number, valid_from, valid_until) VALUES ($1, $2, $3, $4)",
    [...[orderId, number, validFrom.toString(), validUntil.toString()]],
  );
}

export function voucherOf({
  orderId,
  nonce,
  cumulativeCap,
  voucher,
}: Pick<StoredOrder, "orderId" | "nonce" | "cumulativeCap" | "voucher">): Voucher {
  return { nonce, cumulativeCap, validFrom: voucher.validFrom, validUntil: voucher.validUntil, orderId };
}

async function one(database: Database, record: LaunchRecord, condition: string, values: unknown[]) {
  return (await all(database, record, condition, values))[0];
}

async function all(
  database: Database,
  { chainId, sale }: LaunchRecord,
  condition: string,
  values: unknown[],
): Promise<StoredOrder[]> {
  const { rows } = await database.query<Row>(`${select} AND ${condition}`, [
    chainId,
    sale.toLowerCase(),
    ...values,
  ]);
  return rows.map((row) => ({
    ...{
      seq: row.seq,
      orderId: row.order_id,
      principal: row.principal,
      key: row.key,
      buyer: getAddress(row.buyer),
    },
    ...{ nonce: BigInt(row.nonce), cumulativeCap: BigInt(row.cumulative_cap) },
    ...{
      supersedes: row.supersedes ?? undefined,
      supersededBy: row.superseded_by ?? undefined,
      revoked: row.revoked,
    },
    ...{ fromBlock: row.from_block, createdAt: Number(row.created_at) },
    voucher: { number: row.number, validFrom: BigInt(row.valid_from), validUntil: BigInt(row.valid_until) },
  }));
}
