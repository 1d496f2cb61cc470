import type { ClientBase } from "pg";
import { getAddress, isAddress } from "viem";
import { indexerError } from "../sdk/indexerErrors.ts";
import { bytea } from "./bytea.ts";
import { dropReadIndexes } from "./readIndexes.ts";
import { rollBackSale } from "./store.ts";
import { LEASE } from "./writer.ts";

/**
 * Forgets the copy of one sale, or with `all` the copy of the chain with its anchor, so that it is made anew from the
 * start block. Throws `sale-unknown`, and `indexer-running` where the writer holds its lease.
 */
export async function resync(client: ClientBase, what: string): Promise<void> {
  const id = what === "all" ? undefined : await idOf(client, what);
  const { rows } = await client.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${LEASE}) AS held`);
  if (rows[0]?.held !== true) throw indexerError("indexer-running", what);

  await client.query("BEGIN");
  if (id === undefined) {
    await client.query("TRUNCATE chain, checkpoints, sales, entries, events, positions");
    await dropReadIndexes(client);
  } else {
    await rollBackSale(client, id, -1);
    await client.query(
      `UPDATE sales SET copied_to = start_block - 1, quarantine = NULL, phase = NULL, proved_to = -1, round_from = NULL,
         round_after = '' WHERE id = $1`,
      [id],
    );
  }
  await client.query("COMMIT");
}

async function idOf(client: ClientBase, sale: string): Promise<number> {
  if (!isAddress(sale, { strict: false })) throw indexerError("sale-unknown", sale);
  const address = bytea(getAddress(sale.toLowerCase()));
  const { rows } = await client.query<{ id: number }>("SELECT id FROM sales WHERE address = $1", [address]);
  const id = rows[0]?.id;
  if (id === undefined) throw indexerError("sale-unknown", sale);
  return id;
}
