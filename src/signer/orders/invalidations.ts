import { encodeFunctionData, getAddress, type Address } from "viem";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { Invalidation } from "../../sdk/signerApi.ts";
import type { SignerContext } from "./SignerContext.ts";

/** For each of the wallets that holds a voucher which may still be used: `Sale.invalidate` up to the nonce after it. */
export async function invalidationsOf(
  { pool, record, chain }: Pick<SignerContext, "pool" | "record" | "chain">,
  wallets: readonly Address[],
): Promise<Invalidation[]> {
  const { head, finalised, time } = await chain.snapshot(wallets);
  const { rows } = await pool.query<{ buyer: string; nonce: string }>(
    `SELECT o.buyer, max(o.nonce) AS nonce FROM orders o JOIN vouchers v USING (order_id)
     WHERE o.chain_id = $1 AND o.sale = $2 AND o.buyer = ANY ($3) AND v.valid_until > $4
     GROUP BY o.buyer ORDER BY o.buyer`,
    [
      ...[record.chainId, record.sale.toLowerCase(), wallets.map((wallet) => wallet.toLowerCase())],
      String(finalised.time < time ? finalised.time : time),
    ],
  );
  return rows.flatMap(({ buyer, nonce }) => {
    const wallet = getAddress(buyer);
    if (BigInt(nonce) < (head.get(wallet)?.nonce ?? 0n)) return [];
    const next = BigInt(nonce) + 1n;
    const data = encodeFunctionData({ abi: saleAbi, functionName: "invalidate", args: [wallet, next] });
    return [{ buyer: wallet, nonce: String(next), to: record.sale, data }];
  });
}
