import type { Pool, PoolClient } from "pg";
import type { Address } from "viem";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { Snapshot } from "../chain/createSaleReader.ts";

/** Currency base units that each wallet has paid or can still pay. */
export type Exposure = ReadonlyMap<Address, bigint>;

/**
 * For each wallet the largest of: paid at the head, paid at the final block, the largest cap of its vouchers that are not dead.
 * A voucher is dead once a final block consumed its nonce or passed its `validUntil`; until then a reorganised chain may still
 * redeem it.
 */
export async function readExposure(
  database: Pool | PoolClient,
  { record, wallets, snapshot }: { record: LaunchRecord; wallets: readonly Address[]; snapshot: Snapshot },
): Promise<Exposure> {
  const { finalised } = snapshot;
  const { rows } = await database.query<{ buyer: string; cap: string }>(
    `SELECT o.buyer, max(o.cumulative_cap) AS cap
     FROM unnest($3::text[], $4::numeric[]) AS w (wallet, nonce)
     JOIN orders o ON o.chain_id = $1 AND o.sale = $2 AND o.buyer = w.wallet AND o.nonce >= w.nonce
     JOIN vouchers v ON v.order_id = o.order_id AND v.valid_until > $5
     GROUP BY o.buyer`,
    [
      record.chainId,
      record.sale.toLowerCase(),
      wallets.map((wallet) => wallet.toLowerCase()),
      wallets.map((wallet) => (finalised.positions.get(wallet)?.nonce ?? 0n).toString()),
      finalised.time.toString(),
    ],
  );
  const caps = new Map(rows.map(({ buyer, cap }) => [buyer, BigInt(cap)]));
  return exposureOf({ wallets, snapshot, caps });
}

/** `caps`: the largest of a wallet's vouchers that are not dead, by its address in lower case. */
export function exposureOf({
  wallets,
  snapshot: { head, finalised },
  caps,
}: {
  wallets: readonly Address[];
  snapshot: Snapshot;
  caps: ReadonlyMap<string, bigint>;
}): Exposure {
  return new Map(
    wallets.map((wallet) => [
      wallet,
      most(
        head.get(wallet)?.paid ?? 0n,
        finalised.positions.get(wallet)?.paid ?? 0n,
        caps.get(wallet.toLowerCase()) ?? 0n,
      ),
    ]),
  );
}

/** What is left of a person's cap to `buyer`: the cap less what the person's other wallets use. */
export function leftTo(buyer: Address, exposure: Exposure, personCap: bigint): bigint {
  let others = 0n;
  for (const [wallet, amount] of exposure) if (wallet !== buyer) others += amount;
  return others >= personCap ? 0n : personCap - others;
}

function most(...amounts: bigint[]): bigint {
  return amounts.reduce((a, b) => (b > a ? b : a), 0n);
}
