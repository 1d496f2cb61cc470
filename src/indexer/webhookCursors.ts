import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Address, Hex } from "viem";
import { bytea, hexOf } from "./bytea.ts";

/** The last entry, by its history, and the last other event that a receiver has taken, and of which copy. */
export type WebhookCursor = { sequence: number; history: Hex; block: number; logIndex: number; copy: string };

export const NOTHING_TOLD: WebhookCursor = { sequence: 0, history: "0x", block: -1, logIndex: -1, copy: "" };

export type WebhookCursors = {
  load: (webhook: string, sale: Address) => Promise<WebhookCursor>;
  save: (webhook: string, sale: Address, cursor: WebhookCursor) => Promise<void>;
};

export function createWebhookCursors(pool: Pool): WebhookCursors {
  return {
    async load(webhook, sale) {
      const { rows } = await pool.query<CursorRow>(
        "SELECT sequence, history, block_number, log_index, copy FROM webhook_cursors WHERE webhook = $1 AND sale = $2",
        [keyOf(webhook), bytea(sale)],
      );
      const [row] = rows;
      if (row === undefined) return NOTHING_TOLD;
      const { copy, log_index: logIndex } = row;
      const [sequence, block] = [Number(row.sequence), Number(row.block_number)];
      return { sequence, history: hexOf(row.history), block, logIndex, copy };
    },
    async save(webhook, sale, { sequence, history, block, logIndex, copy }) {
      await pool.query(
        `INSERT INTO webhook_cursors (webhook, sale, sequence, history, block_number, log_index, copy)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (webhook, sale) DO UPDATE
         SET sequence = $3, history = $4, block_number = $5, log_index = $6, copy = $7`,
        [keyOf(webhook), bytea(sale), sequence, bytea(history), block, logIndex, copy],
      );
    },
  };
}

type CursorRow = { sequence: bigint; history: Buffer; block_number: bigint; log_index: number; copy: string };

/** The URL may hold a key. */
function keyOf(webhook: string): string {
  return createHash("sha256").update(webhook).digest("hex");
}
