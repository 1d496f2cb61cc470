import type { Address, Hex } from "viem";
import type { Permit } from "../../src/sdk/permitOf.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";
import type { OrderWithVoucher } from "../../src/sdk/signerApi.ts";
import { createOrderStore } from "../../src/web/purchase/createOrderStore.ts";
import { newOrder } from "../../src/web/purchase/newOrder.ts";
import type { PathFacts } from "../../src/web/purchase/choosePath.ts";
import type { TransactionState } from "../../src/web/purchase/nextStep.ts";
import type { PurchaseChain, PurchaseSigner, PurchaseWallet } from "../../src/web/purchase/runPurchase.ts";
import type { PurchaseReceipt, StoredOrder } from "../../src/web/purchase/StoredOrder.ts";

export const buyer: Address = "0x1111111111111111111111111111111111111111";
export const sale: Address = "0x2222222222222222222222222222222222222222";

export function memoryStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> & {
  map: Map<string, string>;
} {
  const map = new Map<string, string>();
  return {
    map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

/** A sale, a token, a signer and a wallet in a few lines, with the rules that keep a purchase single. */
export function fakeWorld({
  balance = 1_000n,
  usdt = false,
  takes = "nothing",
  batching = "none",
}: {
  balance?: bigint;
  usdt?: boolean;
  takes?: PathFacts["takes"];
  batching?: PathFacts["batching"];
} = {}) {
  const state = { nonce: 0n, balance, allowance: 0n, paid: 0n, time: 100n, vouchersExpire: 200n };
  const transactions = new Map<Hex, { status: TransactionState; mine: () => void }>();
  const purchases: PurchaseReceipt[] = [];
  const log: string[] = [];
  /** Set to have the next call of that name fail. */
  const failing = new Map<string, Error>();

  function step(name: string): void {
    log.push(name);
    const error = failing.get(name.split(" ")[0] ?? name);
    if (error === undefined) return;
    failing.delete(name.split(" ")[0] ?? name);
    throw error;
  }

  function send(mine: () => void): Hex {
    const hash: Hex = `0x${String(transactions.size + 1).padStart(64, "0")}`;
    transactions.set(hash, { status: "pending", mine });
    return hash;
  }

  function mineAll(): void {
    for (const transaction of transactions.values()) {
      if (transaction.status !== "pending") continue;
      try {
        transaction.mine();
        transaction.status = "succeeded";
      } catch {
        transaction.status = "reverted";
      }
    }
  }

  const stateOf = (hash: Hex | undefined) =>
    hash === undefined ? undefined : (transactions.get(hash)?.status ?? "missing");

  const chain: PurchaseChain = {
    facts: async (order) => ({
      ...{
        nonce: order.nonce,
        chainNonce: state.nonce,
        now: state.time,
        currency: "token",
        amount: order.amount,
      },
      ...{ purchase: stateOf(order.purchaseHash), approval: stateOf(order.approvalHash) },
      ...{ balance: state.balance, allowance: state.allowance },
      resetFirst: usdt && state.allowance > 0n && state.allowance < order.amount,
      ...{ takes, ownerHasCode: false },
    }),
    findPurchase: async (order) => purchases.find((receipt) => receipt.orderId === order.orderId),
    preview: async () => {
      step("preview");
    },
    awaitTransaction: async (hash) => {
      step("await");
      mineAll();
      return hash;
    },
  };

  const wallet: PurchaseWallet = {
    approve: async (amount) => {
      step(`approve ${String(amount)}`);
      return send(() => {
        if (usdt && state.allowance > 0n && amount > 0n) throw new Error("reset first");
        state.allowance = amount;
      });
    },
    batching: async () => batching,
    sign: async ({ orderId }) => {
      step("sign");
      return { kind: "authorization", v: 27, r: orderId, s: orderId };
    },
    batch: async (order, permit, { resetFirst }) => {
      step(resetFirst ? "batch with reset" : "batch");
      state.allowance = order.amount;
      const hash = send(() => {
        buy(order, permit);
      });
      return `batch of ${hash}`;
    },
    awaitBatch: async (id) => {
      step("await-batch");
      const hash = id.replace("batch of ", "") as Hex;
      if (!transactions.has(hash)) return { is: "unknown" };
      mineAll();
      return stateOf(hash) === "succeeded" ? { is: "succeeded", hash } : { is: "failed" };
    },
    purchase: async (order, permit, payment) => {
      step(payment === undefined ? "purchase" : "purchase signed");
      return send(() => {
        if (payment !== undefined) state.allowance = order.amount;
        buy(order, permit);
      });
    },
  };

  function buy(order: StoredOrder, permit: Permit): void {
    if (permit.voucher.nonce !== state.nonce || permit.voucher.validUntil <= state.time)
      throw new Error("voucher");
    if (state.allowance < order.amount) throw new Error("allowance");
    state.nonce += 1n;
    state.paid += order.amount;
    state.balance -= order.amount;
    state.allowance -= order.amount;
    const { orderId, nonce, amount } = order;
    purchases.push({ orderId, nonce, amount, transaction: "0x", block: 1n, history: "0x" });
  }

  const issued = new Map<Hex, OrderWithVoucher>();
  function voucher({
    orderId,
    nonce,
    cumulativeCap,
  }: Pick<StoredOrder, "orderId" | "nonce" | "cumulativeCap">) {
    const order: OrderWithVoucher = {
      ...{ orderId, chainId: 1, sale, signature: "0x", signer: sale },
      voucher: {
        ...{ buyer, orderId, nonce: String(nonce), cumulativeCap: String(cumulativeCap) },
        ...{ validFrom: "0", validUntil: String(state.vouchersExpire) },
      },
    };
    issued.set(orderId, order);
    return order;
  }
  const signer: PurchaseSigner = {
    order: async (order) => {
      step("order");
      const before = issued.get(order.orderId);
      if (before === undefined) return voucher(order);
      if (BigInt(before.voucher.validUntil) > state.time) return before;
      throw new SlipwayError({ code: "voucher-expired", message: "", wayOut: "" });
    },
    renew: async (orderId) => {
      step("renew");
      const { nonce, cumulativeCap } = issued.get(orderId)!.voucher;
      return voucher({ orderId, nonce: BigInt(nonce), cumulativeCap: BigInt(cumulativeCap) });
    },
  };

  const storage = memoryStorage();
  const store = createOrderStore({ storage, chainId: 1, sale });
  const order = (amount: bigint) =>
    newOrder({ chainId: 1, sale, buyer, nonce: state.nonce, paid: state.paid, amount });
  return {
    state,
    transactions,
    purchases,
    log,
    failing,
    chain,
    wallet,
    signer,
    store,
    storage,
    order,
    mineAll,
  };
}
