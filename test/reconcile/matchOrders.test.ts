import { expect } from "chai";
import { getAddress, numberToHex, type Address, type Hex } from "viem";
import { createDifferences } from "../../src/reconcile/Difference.ts";
import { matchOrders } from "../../src/reconcile/matchOrders.ts";
import type { EntryJson } from "../../src/sdk/indexerApi.ts";
import type { ExportedOrder } from "../../src/sdk/orderExport.ts";

const id = (number: number): Hex => numberToHex(number, { size: 32 });
const buyer: Address = getAddress("0x00000000000000000000000000000000000000b1");

const purchase = (sequence: number, order: number): EntryJson => ({
  ...{ sequence, kind: "purchase", buyer, nonce: "0", amount: "5", orderId: id(order), history: "0x" },
  ...{ block: { number: sequence, hash: "0x", time: 0 }, transaction: id(sequence), finalised: true },
});
const order = (number: number, change: Partial<ExportedOrder> = {}): ExportedOrder => ({
  ...{ orderId: id(number), buyer, nonce: "0", cumulativeCap: "5", status: "redeemed", createdAt: 0 },
  ...change,
});

async function* of<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function match(purchases: readonly EntryJson[], orders: readonly ExportedOrder[], atOnce: number) {
  const differences = createDifferences();
  let reads = 0;
  const counts = await matchOrders({
    purchases: () => {
      reads++;
      return of(purchases);
    },
    orders: of(orders),
    isPurchase: (orderId) => Promise.resolve(orderId === id(900)),
    ...{ differences, atOnce },
  });
  return { counts, reads, omitted: differences.omitted(), differences: differences.list() };
}

describe("reconcile: orders", () => {
  for (const atOnce of [1, 2, 7, 100]) {
    it(`finds the same with ${String(atOnce)} in memory at once`, async () => {
      const orders = Array.from({ length: 7 }, (_, index) => order(index + 1));
      const purchases = [3, 1, 2, 8, 7, 5].map((number, index) => purchase(index + 1, number));
      const { differences, counts, reads } = await match(purchases, orders, atOnce);
      expect(differences.map(({ code, field }) => [code, field])).to.deep.equal([
        ["order-orphan", `order ${id(4)}`],
        ["order-orphan", `order ${id(6)}`],
        ["order-unknown", `order ${id(8)}`],
      ]);
      expect(counts).to.deep.equal({ orders: 7, redeemed: 5 });
      expect(reads).to.equal(Math.ceil(7 / atOnce) + 1);
    });
  }

  it("takes an order that was never used, or used in a block that is not final, for no difference", async () => {
    const unused = (["open", "expired", "superseded", "invalidated", "revoked"] as const).map(
      (status, index) => order(index + 1, { status }),
    );
    expect((await match([], [...unused, order(900)], 100)).differences).to.deep.equal([]);
  });

  it("accepts an amount up to the cap, and what the signer says was filled", async () => {
    const { differences } = await match([purchase(1, 1)], [order(1, { filled: "5" })], 100);
    expect(differences).to.deep.equal([]);
    const wrong = await match([purchase(1, 1)], [order(1, { filled: "4" })], 100);
    expect(wrong.differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
      ["order-differs", "4", "5"],
    ]);
  });

  it("tells a hundred of a kind and counts the rest, over many thousand purchases", async () => {
    const purchases = Array.from({ length: 70_000 }, (_, index) => purchase(index + 1, index + 1));
    const orders = purchases.slice(0, 69_850).map((_, index) => order(index + 1));
    const { differences, omitted } = await match(purchases, orders, 50_000);
    expect(differences).to.have.lengthOf(100);
    expect(differences[0]?.field).to.equal(`order ${id(69_851)}`);
    expect(omitted).to.equal(50);
  });
});
