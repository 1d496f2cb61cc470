import type { Pool } from "pg";
import { getAddress, type Address, type Hex } from "viem";
import type { Decision } from "../../sdk/signerApi.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { Person } from "../orders/readPerson.ts";

/** A person that has no order in this sale yet; `version` moves with everything a first order is decided on. */
export type Newcomer = Person & { version: bigint };

export type SaleId = Pick<LaunchRecord, "chainId" | "sale">;

/** Where first orders are decided on and kept. */
export type FirstOrderStore = {
  /** For each wallet its person, by position; undefined for nobody's wallet, and where the person has an order. */
  read: (wallets: readonly Address[]) => Promise<readonly (Newcomer | undefined)[]>;
  /** Those that were committed, for good. */
  commit: (orders: readonly FirstOrder[]) => Promise<ReadonlySet<Hex>>;
};

export function createFirstOrderStore(pool: Pool, sale: SaleId): FirstOrderStore {
  return {
    read: (wallets) => readNewcomers(pool, sale, wallets),
    commit: (orders) => commitFirstOrders(pool, sale, orders),
  };
}

type NewcomerRow = {
  index: string;
  subject: string;
  country: string;
  tier: string;
  decision: Decision;
  decided_at: number;
  version: bigint;
  wallets: string[];
};

async function readNewcomers(
  pool: Pool,
  { chainId, sale }: SaleId,
  wallets: readonly Address[],
): Promise<(Newcomer | undefined)[]> {
  const { rows } = await pool.query<NewcomerRow>({
    name: "read-newcomers",
    text: `
      SELECT asked.index, s.subject, s.country, s.tier, s.decision, extract(epoch FROM s.decided_at)::float8 AS decided_at,
             s.version, (SELECT array_agg(wallet ORDER BY wallet) FROM wallets WHERE subject = s.subject) AS wallets
      FROM unnest($3::text[]) WITH ORDINALITY AS asked (wallet, index)
      JOIN wallets w ON w.wallet = asked.wallet
      JOIN subjects s ON s.subject = w.subject
      WHERE NOT EXISTS (
        SELECT FROM wallets own JOIN orders o ON o.chain_id = $1 AND o.sale = $2 AND o.buyer = own.wallet
        WHERE own.subject = s.subject)`,
    values: [chainId, sale.toLowerCase(), wallets.map((wallet) => wallet.toLowerCase())],
  });
  const found = new Array<Newcomer | undefined>(wallets.length).fill(undefined);
  for (const { index, decided_at, wallets: own, ...row } of rows) {
    found[Number(index) - 1] = {
      ...row,
      decidedAt: decided_at,
      wallets: own.map((wallet) => getAddress(wallet)),
    };
  }
  return found;
}

export type FirstOrder = {
  subject: string;
  version: bigint;
  orderId: Hex;
  principal: string;
  key: string;
  buyer: Address;
  nonce: bigint;
  cumulativeCap: bigint;
  fromBlock: bigint;
  validFrom: bigint;
  validUntil: bigint;
};

/**
 * Commits first orders with their vouchers, one for a person, in one statement; answers which. The person's row is locked,
 * which waits for a revocation and is waited for by one, and an order whose person has changed meanwhile is left out, as one is
 * that would be a second of its key or wallet. Rows are locked in one order everywhere.
 */
async function commitFirstOrders(
  pool: Pool,
  { chainId, sale }: SaleId,
  orders: readonly FirstOrder[],
): Promise<ReadonlySet<Hex>> {
  const column = (of: (order: FirstOrder) => string | bigint) => orders.map((order) => String(of(order)));
  const { rows } = await pool.query<{ order_id: Hex }>({
    name: "commit-first-orders",
    text: `
      WITH wanted AS MATERIALIZED (
        SELECT w.* FROM (SELECT set_config('synchronous_commit', 'on', true)) AS durable,
        unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::numeric[],
               $11::bigint[], $12::numeric[], $13::numeric[])
          AS w (subject, version, order_id, principal, key, buyer, nonce, cap, from_block, valid_from, valid_until)
      ), locked AS MATERIALIZED (
        SELECT s.subject FROM wanted JOIN subjects s ON s.subject = wanted.subject AND s.version = wanted.version
        ORDER BY s.subject FOR UPDATE OF s
      ), placed AS (
        INSERT INTO orders (chain_id, sale, order_id, principal, key, buyer, nonce, cumulative_cap, from_block)
        SELECT $1, $2, order_id, principal, key, buyer, nonce, cap, from_block FROM wanted JOIN locked USING (subject)
        ON CONFLICT DO NOTHING RETURNING order_id
      ), given AS (
        INSERT INTO vouchers (order_id, number, valid_from, valid_until)
        SELECT order_id, 1, valid_from, valid_until FROM wanted JOIN placed USING (order_id)
      )
      SELECT order_id FROM placed`,
    values: [
      ...[chainId, sale.toLowerCase(), column((o) => o.subject), column((o) => o.version)],
      ...[column((o) => o.orderId), column((o) => o.principal), column((o) => o.key)],
      ...[column((o) => o.buyer.toLowerCase()), column((o) => o.nonce), column((o) => o.cumulativeCap)],
      ...[column((o) => o.fromBlock), column((o) => o.validFrom), column((o) => o.validUntil)],
    ],
  });
  return new Set(rows.map(({ order_id }) => order_id));
}
