import { createHash } from "node:crypto";
import type { Pool } from "pg";
import { historyKinds } from "../../src/sdk/history.ts";
import { abiOf, historyTopics, modules, price, type SimBlock, type SimChain } from "./SimChain.ts";

const kindOf: Record<string, (typeof historyKinds)[number]> = {
  ...{ Purchased: "purchase", Withdrawn: "withdraw", Invalidated: "invalidate", Ejected: "eject" },
};

/** Of everything an indexer should hold at the head of the chain, straight from the model. */
export function digestOfTruth({ blocks, sales }: SimChain): string {
  const rows: string[] = [];
  for (const { sale } of sales) {
    let sequence = 0;
    for (const block of blocks) {
      const pool = blocks.at(-1)?.sales.get(sale)?.pool;
      for (const log of block.logs.filter((one) => concerns(one, sale, pool))) {
        const event = abiOf(log.address).parseLog({ topics: [...log.topics], data: log.data });
        if (event === null) throw new Error("the model made a log that is none of the sale");
        if (event.name === "ReturnedToSale" && event.args["tokens"] === 0n) continue; // says nothing
        const place = [block.number, block.hash, block.time, log.transactionHash, Number(log.logIndex)];
        const {
          nonce,
          amount = 0n,
          orderId,
          buyer,
          history,
        } = event.args.toObject() as Record<string, unknown>;
        if (historyTopics.has(log.topics[0])) {
          const kind = historyKinds.indexOf(kindOf[event.name] ?? "purchase");
          rows.push(
            row(
              "entry",
              sale,
              ++sequence,
              kind,
              buyer,
              nonce,
              amount,
              orderId ?? `0x${"00".repeat(32)}`,
              history,
              ...place,
            ),
          );
        } else {
          const contract = Object.entries(modules).find(([, at]) => at === log.address)?.[0] ?? "sale";
          const args = event.args.toObject() as Record<string, unknown>;
          rows.push(row("event", sale, contract, event.name, buyer ?? "", told(args), ...place));
        }
      }
    }
    const state = blocks.at(-1)?.sales.get(sale);
    if (state === undefined) throw new Error("the model has no such sale");
    const positions = [...state.positions.values()];
    const buyers = positions.filter(({ paid }) => paid > 0n).length;
    const refunded = positions.reduce((sum, position) => sum + position.refunded, 0n);
    const claimed = positions.reduce((sum, position) => sum + position.claimed * price.tokenUnits, 0n);
    const { history, raised, sequence: last, phase, pool } = state;
    rows.push(row("sale", sale, history, raised, last, phase, buyers, refunded, claimed, pool));
    for (const [
      buyer,
      { paid, nonce, ejected, refunded: back, claimed: taken, purchases },
    ] of state.positions) {
      rows.push(
        row("position", sale, buyer, paid, nonce, ejected, back, taken * price.tokenUnits, purchases),
      );
    }
  }
  return digest(rows);
}

/** Of what the database holds. */
export async function digestOfCopy(pool: Pool): Promise<string> {
  const rows: string[] = [];
  const read = async (sql: string) => (await pool.query<Record<string, unknown>>({ text: sql })).rows;
  const place = "block_number, block_hash, block_time, transaction, log_index";
  const from = "FROM sales s JOIN";
  for (const { address, ...entry } of await read(
    `SELECT address, e.sequence, kind, buyer, nonce, amount, order_id, e.history, ${place} ${from} entries e ON e.sale = s.id`,
  )) {
    rows.push(row("entry", address, ...Object.values(entry)));
  }
  for (const event of await read(
    `SELECT address, contract, name, buyer, args, ${place} ${from} events e ON e.sale = s.id`,
  )) {
    const { args, ...rest } = event;
    const [address, contract, name, buyer, ...at] = Object.values(rest);
    rows.push(row("event", address, contract, name, buyer, told(args as Record<string, unknown>), ...at));
  }
  for (const sale of await read(
    "SELECT address, history, raised, sequence, phase, buyers, refunded, claimed, pool FROM sales",
  )) {
    rows.push(row("sale", ...Object.values(sale)));
  }
  for (const position of await read(
    `SELECT address, buyer, paid, nonce, ejected, p.refunded, p.claimed, p.purchases ${from} positions p ON p.sale = s.id`,
  )) {
    rows.push(row("position", ...Object.values(position)));
  }
  return digest(rows);
}

/** Of this sale itself, or of a module about it. */
function concerns(
  { address, topics }: SimBlock["logs"][number],
  sale: string,
  pool: string | undefined,
): boolean {
  if (address === sale) return true;
  if (address === modules.venue) return topics[1] === pool;
  return Object.values(modules).includes(address) && topics[1]?.slice(26) === sale.slice(2);
}

/** Arguments by name, in the order of names. */
function told(args: Record<string, unknown>): string {
  return JSON.stringify(
    Object.entries(args)
      .map(([name, value]) => [name, String(value)])
      .sort(),
  );
}

type Cell = string | number | bigint | Buffer | null;

function row(...cells: readonly unknown[]): string {
  return (cells as readonly Cell[])
    .map((cell) => (Buffer.isBuffer(cell) ? `0x${cell.toString("hex")}` : String(cell ?? "")))
    .join("|")
    .toLowerCase();
}

function digest(rows: string[]): string {
  return createHash("sha256")
    .update([...rows].sort().join("\n"))
    .digest("hex");
}
