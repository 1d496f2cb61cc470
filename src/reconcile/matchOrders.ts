import type { Hex } from "viem";
import type { EntryJson } from "../sdk/indexerApi.ts";
import type { ExportedOrder } from "../sdk/orderExport.ts";
import { difference, type Difference, type Differences } from "./Difference.ts";

/** Orders held in memory at once; the purchases are read once for each such part. */
const ORDERS_AT_ONCE = 50_000;

export type OrderCounts = { orders: number; redeemed: number };

/**
 * Every purchase against the signer's orders. In memory are a part of the orders and one bit for each purchase, however
 * many there are.
 */
export async function matchOrders({
  purchases,
  orders,
  isPurchase,
  differences,
  atOnce = ORDERS_AT_ONCE,
}: {
  /** From the first on; asked for several times. */
  purchases: () => AsyncIterable<EntryJson>;
  orders: AsyncIterable<ExportedOrder>;
  /** Whether the copy has a purchase of this order at all, such as in a block that is not final yet. */
  isPurchase: (orderId: Hex) => Promise<boolean>;
  differences: Differences;
  atOnce?: number;
}): Promise<OrderCounts> {
  const matched = createBits();
  const counts: OrderCounts = { orders: 0, redeemed: 0 };

  for await (const part of partsOf(orders, atOnce)) {
    const open = new Map(part.map((order) => [order.orderId, order]));
    const bought = new Set<Hex>();
    for await (const purchase of purchases()) {
      const order = open.get(purchase.orderId);
      if (order === undefined) continue;
      matched.set(purchase.sequence);
      bought.add(order.orderId);
      differences.add(...compareOrder(purchase, order));
    }
    for (const order of part) {
      counts.orders += 1;
      if (bought.has(order.orderId)) counts.redeemed += 1;
      else if (order.status === "redeemed" && !(await isPurchase(order.orderId))) {
        differences.add(
          difference("order-orphan", `order ${order.orderId}`, "redeemed", "no purchase of it"),
        );
      }
    }
  }

  for await (const purchase of purchases()) {
    if (matched.has(purchase.sequence)) continue;
    differences.add(
      difference("order-unknown", `order ${purchase.orderId}`, "no such order at the signer", "an order", {
        block: purchase.block.number,
        transaction: purchase.transaction,
      }),
    );
  }
  return counts;
}

/** Pure: a purchase against the order of its id. */
export function compareOrder(purchase: EntryJson, order: ExportedOrder): Difference[] {
  const where = { block: purchase.block.number, transaction: purchase.transaction };
  const tell = (what: string, got: string, wanted: string): Difference =>
    difference("order-differs", `order ${order.orderId}, ${what}`, got, wanted, where);

  const found: Difference[] = [];
  if (purchase.buyer !== order.buyer) found.push(tell("buyer", purchase.buyer, order.buyer));
  if (purchase.nonce !== order.nonce) found.push(tell("nonce", purchase.nonce, order.nonce));
  if (BigInt(purchase.amount) > BigInt(order.cumulativeCap)) {
    found.push(tell("amount", purchase.amount, `at most ${order.cumulativeCap}`));
  }
  // The signer reads the same chain by nodes of its own.
  if (order.filled !== undefined && order.filled !== purchase.amount) {
    found.push(tell("filled", order.filled, purchase.amount));
  }
  return found;
}

async function* partsOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let part: T[] = [];
  for await (const item of items) {
    part.push(item);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** A set of small numbers, one bit each. */
function createBits(): { set: (index: number) => void; has: (index: number) => boolean } {
  let words = new Uint32Array(1024);
  return {
    set(index) {
      const word = index >>> 5;
      if (word >= words.length) {
        const larger = new Uint32Array(Math.max(word + 1, 2 * words.length));
        larger.set(words);
        words = larger;
      }
      words[word] = (words[word] ?? 0) | (1 << (index & 31));
    },
    has: (index) => (((words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1,
  };
}
