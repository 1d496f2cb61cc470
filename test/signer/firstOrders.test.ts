import { expect } from "chai";
import type { Pool } from "pg";
import { zeroAddress, type Address, type Hex } from "viem";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import {
  createFirstOrderStore,
  type FirstOrder,
  type FirstOrderStore,
  type SaleId,
} from "../../src/signer/store/firstOrders.ts";
import { randomHash } from "../support/indexerChain.ts";
import { testDatabase } from "../support/postgres.ts";
import { newAccount, newKey } from "../support/signerUnderTest.ts";
import { untilWaiting } from "../support/untilWaiting.ts";

describe("first orders in the database", () => {
  let pool: Pool;
  let store: FirstOrderStore;
  const record: SaleId = { chainId: 31337, sale: zeroAddress };

  before(async () => {
    pool = createPool({ connectionString: await testDatabase(), applicationName: "test" });
    await migrate(
      pool,
      readMigrations(new URL("../../src/signer/store/migrations", import.meta.url).pathname),
    );
    store = createFirstOrderStore(pool, record);
  });
  after(() => pool.end());

  async function person(wallets = 1): Promise<{ subject: string; wallets: Address[] }> {
    const subject = newKey();
    const own = Array.from({ length: wallets }, () => newAccount().address);
    await pool.query("INSERT INTO subjects VALUES ($1, 'DE', 'public', 'approved', now())", [subject]);
    await pool.query("INSERT INTO wallets SELECT unnest($1::text[]), $2", [
      own.map((wallet) => wallet.toLowerCase()),
      subject,
    ]);
    return { subject, wallets: own };
  }
  async function orderOf(wallet: Address, change: Partial<FirstOrder> = {}): Promise<FirstOrder> {
    const [newcomer] = await store.read([wallet]);
    return {
      ...{ subject: newcomer?.subject ?? "", version: newcomer?.version ?? -1n, orderId: randomHash() },
      ...{ principal: wallet.toLowerCase(), key: newKey(), buyer: wallet, nonce: 0n, cumulativeCap: 5n },
      ...{ fromBlock: 1n, validFrom: 10n, validUntil: 20n, ...change },
    };
  }
  const kept = async (order: FirstOrder) => (await store.commit([order])).has(order.orderId);

  it("are decided on person, decision and all wallets, by position, and for nobody else's wallet", async () => {
    const [one, other] = [await person(2), await person()];
    const asked = [other.wallets[0]!, newAccount().address, one.wallets[1]!];
    const found = await store.read(asked);
    expect(found.map((newcomer) => newcomer?.subject)).to.deep.equal([other.subject, undefined, one.subject]);
    expect(found[2]).to.include({ country: "DE", tier: "public", decision: "approved" });
    expect([...(found[2]?.wallets ?? [])].sort()).to.deep.equal([...one.wallets].sort());
  });

  it("are committed with their vouchers, many in one statement", async () => {
    const orders = await Promise.all(
      Array.from({ length: 5 }, async (_, index) =>
        orderOf((await person()).wallets[0]!, { cumulativeCap: BigInt(index + 1) }),
      ),
    );
    expect(await store.commit(orders)).to.deep.equal(new Set(orders.map(({ orderId }) => orderId)));
    const { rows } = await pool.query<{
      order_id: Hex;
      cumulative_cap: string;
      buyer: string;
      valid_until: string;
    }>(
      "SELECT order_id, cumulative_cap, buyer, valid_until FROM orders JOIN vouchers USING (order_id) WHERE order_id = ANY ($1)",
      [orders.map(({ orderId }) => orderId)],
    );
    for (const { orderId, cumulativeCap, buyer } of orders) {
      expect(rows.find((row) => row.order_id === orderId)).to.deep.equal({
        ...{ order_id: orderId, cumulative_cap: String(cumulativeCap), buyer: buyer.toLowerCase() },
        valid_until: "20",
      });
    }
  });

  it("are not for somebody who has an order already", async () => {
    const { wallets } = await person(2);
    expect(await kept(await orderOf(wallets[0]!))).to.be.true;
    expect(await store.read([wallets[1]!])).to.deep.equal([undefined]);
  });

  const changes: [string, (who: { subject: string; wallets: Address[] }) => Promise<unknown>][] = [
    [
      "a decision",
      ({ subject }) => pool.query("UPDATE subjects SET decision = 'revoked' WHERE subject = $1", [subject]),
    ],
    [
      "a wallet more",
      ({ subject }) =>
        pool.query("INSERT INTO wallets VALUES ($1, $2)", [newAccount().address.toLowerCase(), subject]),
    ],
    [
      "a wallet moved to it",
      async ({ subject }) => {
        const other = await person();
        return pool.query("UPDATE wallets SET subject = $1 WHERE wallet = $2", [
          subject,
          other.wallets[0]!.toLowerCase(),
        ]);
      },
    ],
    [
      "a wallet less",
      ({ wallets }) => pool.query("DELETE FROM wallets WHERE wallet = $1", [wallets[1]!.toLowerCase()]),
    ],
    [
      "an order of another wallet, by any version of the service",
      ({ wallets }) =>
        pool.query(
          `INSERT INTO orders (chain_id, sale, order_id, principal, key, buyer, nonce, cumulative_cap, from_block)
           VALUES (31337, $1, $2, 'x', $2, $3, 0, 1, 1)`,
          [zeroAddress, randomHash(), wallets[1]!.toLowerCase()],
        ),
    ],
  ];
  for (const [what, change] of changes) {
    it(`are left out where ${what} came between`, async () => {
      const who = await person(2);
      const order = await orderOf(who.wallets[0]!);
      await change(who);
      expect(await kept(order)).to.be.false;
    });
  }

  it("wait for a change that holds the person's row, and are then left out", async () => {
    const { subject, wallets } = await person();
    const order = await orderOf(wallets[0]!);
    const deciding = await pool.connect();
    await deciding.query("BEGIN");
    await deciding.query("UPDATE subjects SET decision = 'revoked' WHERE subject = $1", [subject]);
    const attempt = kept(order);
    await untilWaiting(pool);
    await deciding.query("COMMIT");
    deciding.release();
    expect(await attempt).to.be.false;
  });

  it("of two wallets of one person at once: one is kept", async () => {
    const { wallets } = await person(2);
    const orders = [await orderOf(wallets[0]!), await orderOf(wallets[1]!)];
    const outcomes = await Promise.all(orders.map(kept));
    expect(outcomes.filter(Boolean)).to.have.lengthOf(1);
  });

  it("leave out, without the others, one whose key or order was there before", async () => {
    const [first, second, third] = [await person(), await person(), await person()];
    const before = await orderOf(first.wallets[0]!, { principal: "exchange" });
    expect(await kept(before)).to.be.true;
    const sameKey = await orderOf(second.wallets[0]!, { principal: "exchange", key: before.key });
    const fine = await orderOf(third.wallets[0]!);
    expect(await store.commit([sameKey, fine])).to.deep.equal(new Set([fine.orderId]));
  });
});
