import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Address } from "viem";
import { bytea } from "./bytea.ts";

/** The last entry, and the last other event, that a receiver has taken. */
export type WebhookCursor = { sequence: number; block: number; logIndex: number };

export type WebhookCursors = {
  load: (webhook: string, sale: Address) => Promise<WebhookCursor>;
  save: (webhook: string, sale: Address, cursor: WebhookCursor) => Promise<void>;
};

export function createWebhookCursors(pool: Pool): WebhookCursors {
  return {
    async load(webhook, sale) {
      const { rows } = await pool.query<{ sequence: bigint; block_number: bigint; log_index: number }>(
        "SELECT sequence, block_number, log_index FROM webhook_cursors WHERE webhook = $1 AND sale = $2",
        [keyOf(webhook), bytea(sale)],
      );
      const [row] = rows;
      return row === undefined
        ? { sequence: 0, block: -1, logIndex: -1 }
        : { sequence: Number(row.sequence), block: Number(row.block_number), logIndex: row.log_index };
    },
    async save(webhook, sale, { sequence, block, logIndex }) {
      await pool.query(
        `INSERT INTO webhook_cursors VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (webhook, sale) DO UPDATE SET sequence = $3, block_number = $4, log_index = $5`,
        [keyOf(webhook), bytea(sale), sequence, block, logIndex],
      );
    },
  };
}

/** The URL may hold a key. */
function keyOf(webhook: string): string {
  return createHash("sha256").update(webhook).digest("hex");
}
