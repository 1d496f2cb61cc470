import { expect } from "chai";
import { createOrderStore } from "../../src/web/purchase/createOrderStore.ts";
import type { StoredOrder } from "../../src/web/purchase/StoredOrder.ts";
import { buyer, memoryStorage, sale } from "./fakes.ts";

const order: StoredOrder = {
  ...{
    buyer,
    key: "ab".repeat(16),
    orderId: "0x01",
    nonce: 3n,
    amount: 2n ** 95n,
    cumulativeCap: 2n ** 95n + 1n,
  },
  ...{ supersedes: "0x02", approvalHash: "0x03", purchaseHash: "0x04" },
  receipt: { orderId: "0x01", transaction: "0x04", block: 9n, nonce: 3n, amount: 5n, history: "0x05" },
};

describe("createOrderStore", () => {
  it("gives back what was written, amounts exact", () => {
    const store = createOrderStore({ storage: memoryStorage(), chainId: 1, sale });
    store.write(order);
    expect(store.read(buyer)).to.deep.equal(order);
  });

  it("keeps chains, sales and wallets apart", () => {
    const storage = memoryStorage();
    createOrderStore({ storage, chainId: 1, sale }).write(order);
    expect(createOrderStore({ storage, chainId: 2, sale }).read(buyer)).to.equal(undefined);
    expect(createOrderStore({ storage, chainId: 1, sale: buyer }).read(buyer)).to.equal(undefined);
    expect(createOrderStore({ storage, chainId: 1, sale }).read(sale)).to.equal(undefined);
  });

  for (const text of ["", "{", "null", "[]", '{"key":"ab"}', '{"nonce":"x"}']) {
    it(`takes ${JSON.stringify(text)} for nothing`, () => {
      const storage = memoryStorage();
      const store = createOrderStore({ storage, chainId: 1, sale });
      store.write(order);
      for (const key of storage.map.keys()) storage.map.set(key, text);
      expect(store.read(buyer)).to.equal(undefined);
    });
  }

  it("removes one wallet's order only", () => {
    const store = createOrderStore({ storage: memoryStorage(), chainId: 1, sale });
    store.write(order);
    store.write({ ...order, buyer: sale });
    store.remove(buyer);
    expect(store.read(buyer)).to.equal(undefined);
    expect(store.read(sale)).not.to.equal(undefined);
  });
});
