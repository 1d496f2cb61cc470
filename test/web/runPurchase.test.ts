import { expect } from "chai";
import { SlipwayError } from "../../src/sdk/problem.ts";
import type { PurchaseStep } from "../../src/web/purchase/nextStep.ts";
import { runPurchase } from "../../src/web/purchase/runPurchase.ts";
import type { StoredOrder } from "../../src/web/purchase/StoredOrder.ts";
import { buyer, fakeWorld } from "./fakes.ts";

type World = ReturnType<typeof fakeWorld>;

async function run(world: World, order: StoredOrder) {
  const steps: PurchaseStep[] = [];
  const { store, signer, chain, wallet } = world;
  const receipt = await runPurchase({
    order,
    store,
    signer,
    chain,
    wallet,
    report: (step) => steps.push(step),
  });
  return { receipt, steps };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "nothing was thrown";
  } catch (error) {
    return error instanceof SlipwayError ? error.code : String(error);
  }
}

describe("runPurchase", () => {
  it("orders, approves exactly, buys and keeps the receipt", async () => {
    const world = fakeWorld();
    const { receipt, steps } = await run(world, world.order(300n));

    expect(steps).to.deep.equal([
      "order",
      "approve",
      "await-approval",
      "purchase",
      "await-purchase",
      "finish",
    ]);
    expect(world.log).to.include("approve 300");
    expect(world.state).to.include({ paid: 300n, balance: 700n, allowance: 0n });
    expect(receipt.amount).to.equal(300n);
    expect(world.store.read(buyer)?.receipt).to.deep.equal(receipt);
  });

  it("sends one transaction where the allowance suffices", async () => {
    const world = fakeWorld();
    world.state.allowance = 300n;
    const { steps } = await run(world, world.order(300n));
    expect(steps).to.deep.equal(["order", "purchase", "await-purchase", "finish"]);
  });

  it("sets a smaller allowance to zero first where the token wants it", async () => {
    const world = fakeWorld({ usdt: true });
    world.state.allowance = 1n;
    await run(world, world.order(300n));
    expect(world.log.filter((entry) => entry.startsWith("approve"))).to.deep.equal([
      "approve 0",
      "approve 300",
    ]);
  });

  it("approves and buys in one confirmation where the wallet batches", async () => {
    const world = fakeWorld({ batching: "supported", takes: "authorization" });
    const { steps } = await run(world, world.order(300n));
    expect(steps).to.deep.equal(["order", "batch", "await-batch", "finish"]);
    expect(world.state).to.include({ paid: 300n, allowance: 0n });
  });

  it("buys by one signature and one transaction where the token takes it", async () => {
    const world = fakeWorld({ takes: "authorization" });
    const { steps } = await run(world, world.order(300n));
    expect(steps).to.deep.equal(["order", "sign", "purchase", "await-purchase", "finish"]);
    expect(world.log).to.include("purchase signed");
  });

  it("takes a declined way no more: first the batch, then the signature, then the approval", async () => {
    const world = fakeWorld({ batching: "ready", takes: "authorization" });
    world.failing.set("batch", new SlipwayError({ code: "wallet-rejected", message: "", wayOut: "" }));
    expect(await codeOf(run(world, world.order(300n)))).to.equal("wallet-rejected");
    world.failing.set("sign", new SlipwayError({ code: "wallet-failed", message: "", wayOut: "" }));
    expect(await codeOf(run(world, world.store.read(buyer)!))).to.equal("wallet-failed");

    const { steps } = await run(world, world.store.read(buyer)!);
    expect(steps).to.deep.equal([
      ...["order", "approve", "await-approval", "purchase", "await-purchase", "finish"],
    ]);
    expect(world.purchases).to.have.lengthOf(1);
  });

  it("approves instead, without asking again, where the token refuses the signature", async () => {
    const world = fakeWorld({ takes: "authorization" });
    world.failing.set("purchase", new SlipwayError({ code: "payment-refused", message: "", wayOut: "" }));
    const { steps } = await run(world, world.order(300n));
    expect(steps).to.deep.equal([
      ...["order", "sign", "purchase", "approve", "await-approval", "purchase", "await-purchase", "finish"],
    ]);
  });

  it("signs the payment anew when the voucher it was signed for ran out", async () => {
    const world = fakeWorld({ takes: "authorization" });
    const sign = world.wallet.sign;
    world.wallet.sign = async (...args) => {
      world.wallet.sign = sign;
      world.state.time = 200n;
      world.state.vouchersExpire = 300n;
      return sign(...args);
    };
    const { steps } = await run(world, world.order(300n));
    expect(steps).to.deep.equal([
      ...["order", "sign", "renew", "sign", "purchase", "await-purchase", "finish"],
    ]);
  });

  it("waits after a reload for the batch that the wallet still has, and buys once", async () => {
    const world = fakeWorld({ batching: "supported" });
    world.failing.set("await-batch", new Error("the page was closed"));
    await codeOf(run(world, world.order(300n)));
    const { steps } = await run(world, world.store.read(buyer)!);
    expect(steps).to.deep.equal(["await-batch", "finish"]);
    expect(world.log.filter((entry) => entry === "batch")).to.have.lengthOf(1);
  });

  it("goes another way where the wallet has forgotten the batch", async () => {
    const world = fakeWorld({ batching: "supported" });
    const order = { ...world.order(300n), batchId: "batch of 0x" };
    const { steps } = await run(world, order);
    expect(steps).to.deep.equal([
      ...["await-batch", "order", "approve", "await-approval", "purchase", "await-purchase", "finish"],
    ]);
  });

  it("says that a batch failed, and forgets it", async () => {
    const world = fakeWorld({ batching: "supported" });
    const batch = world.wallet.batch;
    world.wallet.batch = async (...args) => {
      const id = await batch(...args);
      world.state.allowance = 0n;
      return id;
    };
    expect(await codeOf(run(world, world.order(300n)))).to.equal("transaction-reverted");
    const kept = world.store.read(buyer);
    expect(kept?.batchId).to.equal(undefined);
    expect(kept?.refused).to.deep.equal(["batch"]);
  });

  it("stores the order before its first request", async () => {
    const world = fakeWorld();
    world.failing.set("order", new SlipwayError({ code: "signer-unreachable", message: "", wayOut: "" }));
    const order = world.order(300n);
    expect(await codeOf(run(world, order))).to.equal("signer-unreachable");
    expect(world.store.read(buyer)).to.deep.equal(order);
  });

  it("asks for no signature where the sale would refuse", async () => {
    const world = fakeWorld();
    world.failing.set("preview", new SlipwayError({ code: "Sale_SoldOut", message: "", wayOut: "" }));
    expect(await codeOf(run(world, world.order(300n)))).to.equal("Sale_SoldOut");
    expect(world.log).to.deep.equal(["order", "preview"]);
  });

  it("asks for no signature where the balance is short", async () => {
    const world = fakeWorld({ balance: 299n });
    expect(await codeOf(run(world, world.order(300n)))).to.equal("balance-short");
    expect(world.log).to.deep.equal(["order"]);
  });

  for (const name of ["order", "preview", "approve", "await", "purchase"]) {
    it(`goes on after an interruption at ${name}, and buys once`, async () => {
      const world = fakeWorld();
      world.failing.set(name, new Error("the page was closed"));
      await codeOf(run(world, world.order(300n)));
      world.mineAll();
      await run(world, world.store.read(buyer)!);
      expect(world.purchases).to.have.lengthOf(1);
      expect(world.state.paid).to.equal(300n);
    });
  }

  it("buys once where the wallet sent and the page never learned the hash", async () => {
    const world = fakeWorld();
    const order = world.order(300n);
    const sent = world.wallet.purchase;
    world.wallet.purchase = async (...args) => {
      await sent(...args);
      throw new Error("the page was closed");
    };
    await codeOf(run(world, order));
    world.wallet.purchase = sent;

    // The second transaction carries the same nonce, so the sale refuses it: seen as bought, not as failed.
    world.state.balance += 300n;
    world.state.allowance = 600n;
    const { receipt } = await run(world, world.store.read(buyer)!);
    expect(world.purchases).to.have.lengthOf(1);
    expect(receipt.orderId).to.equal(order.orderId);
  });

  it("renews a voucher that ran out between two visits, under the same order", async () => {
    const world = fakeWorld();
    world.failing.set("approve", new Error("the page was closed"));
    const order = world.order(300n);
    await codeOf(run(world, order));
    world.state.time = 200n;
    world.state.vouchersExpire = 300n;
    const { receipt } = await run(world, world.store.read(buyer)!);
    expect(world.log).to.include("renew");
    expect(receipt.orderId).to.equal(order.orderId);
  });

  it("renews a voucher that runs out while the wallet waits", async () => {
    const world = fakeWorld();
    const approve = world.wallet.approve;
    world.wallet.approve = async (amount) => {
      world.state.time = 200n;
      world.state.vouchersExpire = 300n;
      return approve(amount);
    };
    const { steps } = await run(world, world.order(300n));
    expect(steps).to.include("renew");
    expect(world.purchases).to.have.lengthOf(1);
  });

  it("gives up, and forgets the order, when something else consumed its nonce", async () => {
    const world = fakeWorld();
    const order = world.order(300n);
    world.store.write(order);
    world.state.nonce = 1n;
    expect(await codeOf(run(world, order))).to.equal("order-void");
    expect(world.store.read(buyer)).to.equal(undefined);
    expect(world.log).to.deep.equal([]);
  });

  it("says that a transaction failed instead of sending it again by itself", async () => {
    const world = fakeWorld();
    world.state.allowance = 300n;
    const purchase = world.wallet.purchase;
    world.wallet.purchase = async (...args) => {
      const hash = await purchase(...args);
      world.state.allowance = 0n;
      return hash;
    };
    expect(await codeOf(run(world, world.order(300n)))).to.equal("transaction-reverted");
    expect(world.log.filter((entry) => entry === "purchase")).to.have.lengthOf(1);
    expect(world.store.read(buyer)?.purchaseHash).to.equal(undefined);
  });
});
