import type { ClientBase } from "pg";

/** By name. Orders and transactions are looked up whole, and hash indexes cost half of what others do. */
const INDEXES: Readonly<Record<string, string>> = {
  entries_buyer: "entries (sale, buyer, sequence)",
  entries_order: "entries USING hash (order_id) WHERE kind = 0",
  entries_transaction: "entries USING hash (transaction)",
  events_buyer: "events (sale, buyer) WHERE buyer IS NOT NULL",
  events_name: "events (sale, name, block_number, log_index)",
};

/** Makes what is missing of the indexes that readers need; while it does, they can read and nobody can write. */
export async function makeReadIndexes(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ indexname: string }>(
    "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
  );
  const made = new Set(rows.map(({ indexname }) => indexname));
  const missing = Object.entries(INDEXES).filter(([name]) => !made.has(name));
  for (const [name, where] of missing) await client.query(`CREATE INDEX ${name} ON ${where}`);
  if (missing.length > 0) await client.query("ANALYZE entries, events, positions");
}

/** Before much is copied: the tables are filled without them. */
export async function dropReadIndexes(client: ClientBase): Promise<void> {
  await client.query(`DROP INDEX IF EXISTS ${Object.keys(INDEXES).join(", ")}`);
}
