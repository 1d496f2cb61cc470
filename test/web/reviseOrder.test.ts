import { expect } from "chai";
import { reviseOrder } from "../../src/web/purchase/reviseOrder.ts";
import { fakeWorld } from "./fakes.ts";

describe("reviseOrder", () => {
  it("is open while the nonce is the order's", async () => {
    const world = fakeWorld();
    expect(await reviseOrder(world.order(1n), world.chain)).to.deep.equal({ is: "open", sent: false });
  });

  it("is open and sent while its purchase waits to be mined", async () => {
    const world = fakeWorld();
    const order = { ...world.order(1n), purchaseHash: "0x01" } as const;
    world.transactions.set("0x01", { status: "pending", mine: () => undefined });
    expect(await reviseOrder(order, world.chain)).to.deep.equal({ is: "open", sent: true });
  });

  it("is bought when its purchase is on chain, though the page never saw it", async () => {
    const world = fakeWorld();
    const order = world.order(7n);
    const receipt = {
      orderId: order.orderId,
      transaction: "0x",
      block: 1n,
      nonce: 0n,
      amount: 7n,
      history: "0x",
    } as const;
    world.purchases.push(receipt);
    world.state.nonce = 1n;
    expect(await reviseOrder(order, world.chain)).to.deep.equal({ is: "bought", receipt });
  });

  it("is void when the nonce went elsewhere", async () => {
    const world = fakeWorld();
    const order = world.order(7n);
    world.state.nonce = 1n;
    expect(await reviseOrder(order, world.chain)).to.deep.equal({ is: "void" });
  });

  it("is void when it has a receipt of a chain that is gone", async () => {
    const world = fakeWorld();
    const order = world.order(7n);
    const receipt = {
      orderId: order.orderId,
      transaction: "0x",
      block: 1n,
      nonce: 0n,
      amount: 7n,
      history: "0x",
    } as const;
    expect(await reviseOrder({ ...order, receipt }, world.chain)).to.deep.equal({ is: "void" });
  });
});
