import { expect } from "chai";
import { encodeAbiParameters, encodeEventTopics, encodeFunctionData, type Address, type Hex } from "viem";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { Difference } from "../../src/reconcile/Difference.ts";
import { startSettledLaunch, type SettledLaunch } from "../support/settledLaunch.ts";
import { UNIT } from "../support/signerLaunch.ts";

const codes = (differences: readonly Difference[]): string[] => differences.map(({ code }) => code);
const blocking = (differences: readonly Difference[]): string[] =>
  codes(differences.filter(({ severity }) => severity === "blocking"));

describe("reconcile: a sale that succeeded", () => {
  let world: SettledLaunch;
  let restore: () => Promise<void>;
  const sql = (text: string, values: unknown[] = []) => world.indexer.database.query(text, values);

  before(async () => {
    world = await startSettledLaunch();
    await world.settle();
    restore = await world.keepCopy();
  });
  afterEach(async () => {
    await restore();
    for (const node of [...world.nodes, world.signerNode]) node.lie = () => undefined;
  });
  after(() => world.close());

  it("finds no difference where there is none", async () => {
    const { differences, block, phase, copy, buyers, orders } = await world.reconcile();
    expect(differences).to.deep.equal([]);
    expect(phase).to.equal("succeeded");
    expect(copy?.raised).to.equal(400n * UNIT);
    expect([copy?.sequence, copy?.purchases, copy?.withdrawals]).to.deep.equal([5, 4, 1]);
    expect(buyers).to.equal(3);
    expect(orders).to.deep.equal({ orders: 4, redeemed: 4 });
    const head = await world.chain.client.getBlockNumber();
    expect(block.number).to.equal(Number(head) - 8);
    const history = await world.chain.client.readContract({
      ...{ address: world.record.sale, abi: saleAbi, functionName: "history" },
    } as const);
    expect(copy?.history).to.equal(history);
  });

  describe("the copy", () => {
    it("names the entry whose amount was changed", async () => {
      await sql("UPDATE entries SET amount = amount + 1 WHERE sequence = 2");
      const { differences } = await world.reconcile();
      const changed = differences.filter(({ code }) => code === "entry-changed");
      expect(changed.map(({ field, got, wanted }) => [field, got, wanted]).slice(1)).to.deep.equal([
        ["entry 2, amount", "300000001", "300000000"],
      ]);
      expect(changed[0]?.field).to.equal("entry 2, history");
      const { rows } = await sql("SELECT block_number, transaction FROM entries WHERE sequence = 2");
      const [row] = rows as { block_number: bigint; transaction: Buffer }[];
      expect(changed[0]?.block).to.equal(Number(row?.block_number));
      expect(changed[0]?.transaction).to.equal(`0x${row?.transaction.toString("hex")}`);
      expect(blocking(differences)).to.include("sum-differs");
    });

    it("names the place of an entry that is gone", async () => {
      await sql("DELETE FROM entries WHERE sequence = 3");
      const missing = (await world.reconcile()).differences.find(({ code }) => code === "entry-missing");
      expect([missing?.got, missing?.wanted]).to.deep.equal(["4", "3"]);
    });

    it("finds the last entry gone, by the sale's own history", async () => {
      await sql("DELETE FROM entries WHERE sequence = 5");
      const { differences } = await world.reconcile();
      expect(blocking(differences)).to.include.members(["history-differs", "sum-differs"]);
    });

    it("finds a copy that is consistent in itself but not the sale's", async () => {
      await sql("DELETE FROM entries WHERE sequence = 5");
      await sql(
        `UPDATE sales SET sequence = 4, purchases = 3, raised = 350000000,
           history = (SELECT history FROM entries WHERE sequence = 4)`,
      );
      const found = blocking((await world.reconcile()).differences);
      expect(found).to.include("history-differs");
      expect(found).not.to.include("entry-changed");
    });

    it("finds totals that the entries do not add up to", async () => {
      await sql("UPDATE sales SET raised = raised - 1");
      const { differences } = await world.reconcile();
      expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
        ["sum-differs", "399999999", "400000000"],
      ]);
    });

    const columns: [column: string, value: string, field: string][] = [
      ["block_number", "1", "block"],
      ["block_hash", "'\\x01'::bytea", "block hash"],
      ["transaction", "'\\x02'::bytea", "transaction"],
      ["block_time", "1", "time"],
    ];
    for (const [column, value, field] of columns) {
      it(`finds an entry whose ${column} was changed, which no hash covers`, async () => {
        await sql(`UPDATE entries SET ${column} = ${value} WHERE sequence = 4`);
        const { differences } = await world.reconcile();
        expect(differences.map(({ code, field: found }) => [code, found])).to.deep.equal([
          ["entry-changed", `entry 4, ${field}`],
        ]);
      });
    }

    it("finds events that are no entries gone, changed or made up", async () => {
      const sets = `jsonb_set(args, '{raised}', '"1"')`;
      await sql(`UPDATE events SET args = ${sets} WHERE name = 'Finalised'`);
      const changed = (await world.reconcile()).differences;
      expect(changed.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
        ["event-changed", "1", "400000000"],
      ]);

      await sql("UPDATE events SET block_number = block_number - 1 WHERE name = 'Finalised'");
      expect(codes((await world.reconcile()).differences)).to.deep.equal(["event-changed", "event-missing"]);
    });

    it("finds an event whose time was changed, also of nodes that send no times with their logs", async () => {
      await sql("UPDATE events SET block_time = 1 WHERE name = 'OwnershipTransferred'");
      const compare = async () =>
        (await world.reconcile()).differences.map(({ code, field, got }) => [
          code,
          field.split(", ")[1],
          got,
        ]);
      expect(await compare()).to.deep.equal([["event-changed", "time", "1"]]);
      for (const node of world.nodes) {
        node.lie = ({ method }, result) =>
          method === "eth_getLogs"
            ? (result as object[]).map((log) => ({ ...log, blockTimestamp: undefined }))
            : undefined;
      }
      expect(await compare()).to.deep.equal([["event-changed", "time", "1"]]);
      await restore();
      expect(await compare()).to.deep.equal([]);
    });

    it("finds purchases and refunds moved from one buyer to another, where the sums stay", async () => {
      const moved = (column: string) =>
        sql(
          `UPDATE positions SET ${column} = ${column} + CASE buyer WHEN (SELECT min(buyer) FROM positions) THEN 1
           WHEN (SELECT max(buyer) FROM positions) THEN -1 ELSE 0 END`,
        );
      for (const column of ["purchases", "refunded"]) {
        await moved(column);
        const { differences } = await world.reconcile();
        expect(differences.map(({ code, field }) => [code, field.split(", ")[1]])).to.deep.equal([
          ["position-differs", column],
          ["position-differs", column],
        ]);
        await restore();
      }
    });

    it("finds a row of somebody who never bought", async () => {
      await sql(
        "INSERT INTO positions SELECT sale, decode(repeat('77', 20), 'hex'), 0, 0, 0, 0, 0, 0 FROM positions LIMIT 1",
      );
      const { differences } = await world.reconcile();
      expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
        ["position-differs", "a position", "an entry of this buyer"],
      ]);
    });

    it("finds what has vested told before the listing", async () => {
      const { indexer } = world.options();
      const forged: typeof indexer = {
        ...indexer,
        positions: async (...page) => {
          const told = await indexer.positions(...page);
          const [first, ...rest] = told.positions;
          if (first === undefined) throw new Error("no position");
          return { ...told, positions: [{ ...first, vestedTokens: "5", claimableTokens: "4" }, ...rest] };
        },
        position: async (...of) => {
          const told = await indexer.position(...of);
          return told === undefined ? told : { ...told, vestedTokens: "5", claimableTokens: "4" };
        },
      };
      const { differences } = await world.reconcile({ indexer: forged });
      expect(differences.map(({ code, field }) => [code, field.split(", ")[1]])).to.deep.equal([
        ["position-differs", "vested tokens"],
        ["position-differs", "claimable tokens"],
      ]);
    });

    it("finds another time of the indexer's head", async () => {
      await sql(
        "UPDATE checkpoints SET time = time + 1 WHERE number = (SELECT max(number) FROM checkpoints)",
      );
      const { differences } = await world.reconcile();
      expect(differences.map(({ code, field }) => [code, field])).to.deep.equal([
        ["state-differs", "the head's time"],
      ]);
    });

    it("finds a pool before the listing", async () => {
      const { indexer } = world.options();
      const pool: Hex = `0x${"66".repeat(32)}`;
      const forged: typeof indexer = {
        ...indexer,
        sale: async (sale) => ({ ...(await indexer.sale(sale)), pool }),
      };
      const { differences } = await world.reconcile({ indexer: forged });
      expect(differences.map(({ code, field, got }) => [code, field, got])).to.deep.equal([
        ["state-differs", "pool", pool],
      ]);
    });

    it("finds an event made up above the final block, and above the head", async () => {
      const made = (block: string) =>
        sql(
          `INSERT INTO events SELECT sale, ${block}, 7, 'Listed', NULL, '{"id": "0x01"}', block_hash, block_time, transaction, contract
             FROM events WHERE name = 'Finalised'`,
        );
      await made("(SELECT max(number) FROM checkpoints)");
      expect(codes((await world.reconcile()).differences)).to.include("event-changed");
      await restore();
      await made("(SELECT max(number) + 1000 FROM checkpoints)");
      expect(codes((await world.reconcile()).differences)).to.include("state-differs");
    });

    it("finds another launch in what the indexer says of its record", async () => {
      const { indexer } = world.options();
      for (const change of [{ hardCap: "1" }, { currency: world.record.sale }, { startBlock: 0 }]) {
        const forged: typeof indexer = {
          ...indexer,
          sale: async (sale) => ({ ...(await indexer.sale(sale)), ...change }),
        };
        const { differences } = await world.reconcile({ indexer: forged });
        expect(differences.map(({ code, field }) => [code, field])).to.deep.equal([
          ["terms-differ", `the indexer's ${String(Object.keys(change)[0])}`],
        ]);
      }
    });

    for (const column of ["paid", "nonce", "ejected", "claimed"]) {
      it(`finds a position whose ${column} was changed`, async () => {
        const buyer = world.buyers[1].address;
        await sql(`UPDATE positions SET ${column} = ${column} + 7 WHERE buyer = $1`, [
          Buffer.from(buyer.slice(2), "hex"),
        ]);
        const { differences } = await world.reconcile();
        const sums = column === "claimed" ? ["sum-differs"] : [];
        expect(codes(differences)).to.deep.equal(["position-differs", ...sums]);
        expect(differences[0]?.field).to.contain(buyer);
      });
    }

    it("finds a position that is gone", async () => {
      await sql("DELETE FROM positions WHERE buyer = $1", [
        Buffer.from(world.buyers[1].address.slice(2), "hex"),
      ]);
      const { differences } = await world.reconcile();
      expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
        ["position-differs", "no row", "a position"],
        ["sum-differs", "3", "2"],
        ["sum-differs", String(150n * UNIT), String(400n * UNIT)],
      ]);
    });

    it("finds a buyer told again in place of one that is left out", async () => {
      const { indexer } = world.options();
      // 100, 250 and 50: without the first and with the last three times they still are three buyers and more.
      const [first, , third] = world.buyers.map(({ address }) => address.toLowerCase());
      const forged: typeof indexer = {
        ...indexer,
        positions: async (...page) => {
          const told = await indexer.positions(...page);
          const copies = told.positions.filter(({ buyer }) => buyer.toLowerCase() === third);
          const others = told.positions.filter(({ buyer }) => buyer.toLowerCase() !== first);
          return { ...told, positions: [...others, ...copies, ...copies] };
        },
      };
      const { differences } = await world.reconcile({ indexer: forged });
      expect(blocking(differences)).to.include("position-differs");
    });

    it("finds a phase that is not the sale's, also where the head never stands still", async () => {
      const { indexer } = world.options();
      let answers = 0;
      const forged: typeof indexer = {
        ...indexer,
        sale: async (sale) => {
          const stats = await indexer.sale(sale);
          const hash: Hex = `0x${String(++answers).padStart(64, "0")}`;
          return { ...stats, phase: "listed", head: { ...stats.head, hash } };
        },
      };
      const { differences } = await world.reconcile({ indexer: forged });
      expect(new Set(blocking(differences))).to.deep.equal(new Set(["state-differs"]));
    });

    it("finds a phase that is not the sale's", async () => {
      await sql("UPDATE sales SET phase = 3");
      const { differences } = await world.reconcile();
      expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
        ["state-differs", "closed", "succeeded"],
      ]);
    });

    it("finds another time of settling", async () => {
      const sets = `jsonb_set(args, '{settledAt}', '"7"')`;
      await sql(`UPDATE events SET args = ${sets} WHERE name = 'Finalised'`);
      const { differences } = await world.reconcile();
      expect(differences.map(({ code, field, got }) => [code, field, got])).to.deep.equal([
        ["event-changed", differences[0]?.field, "7"],
        ["state-differs", "settledAt", "7"],
      ]);
    });

    it("finds another block where the copy has its final one", async () => {
      await sql("UPDATE chain SET anchor_hash = $1", [Buffer.alloc(32, 1)]);
      expect(codes((await world.reconcile()).differences)).to.deep.equal(["indexer-forked"]);
    });

    it("finds another time of the final block, and one that the nodes do not hold as final", async () => {
      await sql("UPDATE chain SET anchor_time = anchor_time + 1");
      expect(codes((await world.reconcile()).differences)).to.deep.equal(["indexer-forked"]);
      await restore();
      await sql(
        `UPDATE chain SET (anchor_number, anchor_hash, anchor_time) =
           (SELECT number, hash, time FROM checkpoints ORDER BY number DESC LIMIT 1)`,
      );
      const { differences, block } = await world.reconcile();
      expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
        ["indexer-forked", "final", `final up to block ${String(block.number)}`],
      ]);
    });

    it("blocks while the copy is quarantined or halted, with what the indexer says", async () => {
      const stop = JSON.stringify({ code: "history-mismatch", reason: "it broke", wayOut: "mend it" });
      await sql("UPDATE sales SET quarantine = $1", [stop]);
      const quarantined = await world.reconcile();
      expect(quarantined.differences.map(({ code, got, wayOut }) => [code, got, wayOut])).to.deep.equal([
        ["indexer-stopped", "it broke", "mend it"],
      ]);
      expect(quarantined.copy).to.equal(undefined);

      await sql("UPDATE chain SET halted = $1", [stop]);
      expect(codes((await world.reconcile()).differences)).to.deep.equal(["indexer-stopped"]);
    });

    it("blocks while the copy has not reached the block", async () => {
      world.status.behind = true;
      const { differences } = await world.reconcile();
      world.status.behind = false;
      expect(codes(differences)).to.deep.equal(["indexer-behind"]);
    });
  });

  describe("the nodes", () => {
    it("blocks where one of them tells another block", async () => {
      const other = `0x${"ab".repeat(32)}`;
      world.nodes[1].lie = ({ method, params }, result) =>
        method === "eth_getBlockByNumber" && params[0] !== "latest" && result !== null
          ? { ...(result as object), hash: other }
          : undefined;
      const { differences, block } = await world.reconcile();
      expect(codes(differences)).to.deep.equal(["rpcs-disagree"]);
      expect(differences[0]?.got).to.contain(other);
      expect(differences[0]?.wanted).to.contain(block.hash);
    });

    it("blocks where one of them tells another history of the same block", async () => {
      const truth = await world.chain.client.readContract({
        ...{ address: world.record.sale, abi: saleAbi, functionName: "history" },
      } as const);
      world.nodes[1].lie = ({ method }, result) =>
        method === "eth_call" && (result as string).startsWith(truth) ? `0x${"00".repeat(31)}01` : undefined;
      const { differences } = await world.reconcile();
      expect(differences.map(({ code, field }) => [code, field])).to.deep.equal([
        ["rpcs-disagree", "history"],
      ]);
    });

    it("blocks where one of them is of another chain, or says nothing", async () => {
      world.nodes[1].lie = ({ method }) => (method === "eth_chainId" ? "0x1" : undefined);
      expect(codes((await world.reconcile()).differences)).to.deep.equal(["rpc-other-chain"]);
      world.nodes[1].lie = () => null;
      expect(codes((await world.reconcile()).differences)).to.deep.equal(["rpc-silent"]);
    });
  });

  it("blocks where sale and indexer have other terms than the record", async () => {
    const record = { ...world.record, termsHash: `0x${"77".repeat(32)}` as const };
    const { differences, copy } = await world.reconcile({ record });
    expect(differences.map(({ code, field, got }) => [code, field, got])).to.deep.equal([
      ["terms-differ", "termsHash", world.record.termsHash],
      ["terms-differ", "the indexer's termsHash", world.record.termsHash],
    ]);
    expect(copy).to.equal(undefined);
  });

  it("blocks where the record names another token than the sale", async () => {
    const token = `0x${"77".repeat(20)}` as const;
    const { differences } = await world.reconcile({ record: { ...world.record, token } });
    expect(differences.map(({ code, field, got, wanted }) => [code, field, got, wanted])).to.deep.equal([
      ["token-differs", "token", world.record.token, token],
    ]);
  });

  it("goes by the other nodes where one has lost an event, and blocks where all have", async () => {
    const drop = ({ method }: { method: string }, result: unknown) =>
      method === "eth_getLogs" ? (result as unknown[]).slice(0, -1) : undefined;
    world.nodes[0].lie = drop;
    expect((await world.reconcile()).differences).to.deep.equal([]);
    world.nodes[1].lie = drop;
    expect(codes((await world.reconcile()).differences)).to.deep.equal(["event-changed"]);
  });

  it("goes by no node alone: each that has an event must tell the same of it", async () => {
    const logs = (change: (log: Record<string, unknown>, index: number, count: number) => object) =>
      ((call, result) =>
        call.method === "eth_getLogs"
          ? (result as Record<string, unknown>[]).map((log, index, { length }) => change(log, index, length))
          : undefined) satisfies (typeof world.nodes)[0]["lie"];
    const wrong = {
      transactionHash: `0x${"ab".repeat(32)}`,
      blockHash: `0x${"cd".repeat(32)}`,
      blockTimestamp: "0x7",
      logIndex: "0x63",
    };
    const purchase = encodeEventTopics({ abi: saleAbi, eventName: "Purchased" })[0];
    for (const liar of world.nodes) {
      for (const [field, value] of Object.entries(wrong)) {
        liar.lie = logs((log) =>
          (log["topics"] as Hex[])[0] === purchase ? { ...log, [field]: value } : log,
        );
        const { differences } = await world.reconcile();
        expect(new Set(codes(differences)), field).to.deep.equal(new Set(["rpcs-disagree"]));
      }
      liar.lie = () => undefined;
    }

    // A copy that one node bears out is not enough.
    await sql("UPDATE entries SET transaction = decode(repeat('ab', 32), 'hex') WHERE sequence = 1");
    world.nodes[0].lie = logs((log) =>
      (log["topics"] as Hex[])[0] === purchase ? { ...log, transactionHash: wrong.transactionHash } : log,
    );
    expect(blocking((await world.reconcile()).differences)).to.include("rpcs-disagree");
    await sql("DELETE FROM events WHERE name = 'Finalised'");
    world.nodes[0].lie = ({ method }, result) =>
      method === "eth_getLogs" ? (result as unknown[]).slice(0, -1) : undefined;
    expect(codes((await world.reconcile()).differences)).to.include("event-missing");
  });

  it("blocks where one node alone has the indexer's head", async () => {
    await sql(
      "UPDATE checkpoints SET hash = decode(repeat('ee', 32), 'hex') WHERE number = (SELECT max(number) FROM checkpoints)",
    );
    const { head } = await world.options().indexer.sale(world.record.sale);
    const real = await world.chain.client.getBlock({ blockNumber: BigInt(head.number) });
    // Tells of the made-up head what is true of the real one.
    world.nodes[0].lie = async ({ method, params }, result) => {
      const block = result as { hash: Hex } | null;
      if (method === "eth_getBlockByNumber" && block?.hash === real.hash)
        return { ...block, hash: head.hash };
      const at = params[1] as { blockHash?: Hex } | undefined;
      if (at?.blockHash !== head.hash) return undefined;
      const asked = { method, params: [params[0], { blockHash: real.hash }] };
      return world.chain.client.request(asked as never);
    };
    expect(new Set(codes((await world.reconcile()).differences))).to.deep.equal(new Set(["state-differs"]));
  });

  it("blocks where one node tells another position of a buyer", async () => {
    const data = encodeFunctionData({
      abi: saleAbi,
      functionName: "positionOf",
      args: [world.buyers[1].address],
    });
    for (const liar of world.nodes) {
      liar.lie = ({ method, params }, result) =>
        method === "eth_call" && (params[0] as { data: Hex }).data === data
          ? `0x${"0".repeat(63)}1${(result as string).slice(66)}`
          : undefined;
      expect(blocking((await world.reconcile()).differences)).to.include("rpcs-disagree");
      liar.lie = () => undefined;
    }
  });

  describe("the orders", () => {
    const orders = async (text: string, values: unknown[], work: () => Promise<void>) => {
      const client = world.signer.pool;
      await client.query("CREATE TABLE kept_orders AS SELECT * FROM orders");
      try {
        await client.query(text, values);
        await work();
      } finally {
        await client.query(
          `UPDATE orders o SET buyer = k.buyer, nonce = k.nonce, cumulative_cap = k.cumulative_cap
           FROM kept_orders k WHERE k.order_id = o.order_id`,
        );
        await client.query("DROP TABLE kept_orders");
      }
    };
    const second = () => world.buyers[1].address.toLowerCase();

    it("finds a purchase by more than its order's cap", () =>
      orders("UPDATE orders SET cumulative_cap = $1 WHERE buyer = $2", ["249999999", second()], async () => {
        const { differences } = await world.reconcile();
        expect(differences.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
          ["order-differs", "250000000", "at most 249999999"],
        ]);
      }));

    it("finds an order of another buyer", () =>
      orders(
        "UPDATE orders SET buyer = $1 WHERE buyer = $2",
        [world.chain.deployer.toLowerCase(), second()],
        async () => {
          const found = (await world.reconcile()).differences;
          expect(codes(found)).to.deep.equal(["order-differs"]);
          expect(found[0]?.got).to.equal(world.buyers[1].address);
        },
      ));

    it("finds an order of another nonce", () =>
      orders("UPDATE orders SET nonce = 9 WHERE buyer = $1", [second()], async () => {
        const found = (await world.reconcile()).differences;
        expect(found.map(({ code, got, wanted }) => [code, got, wanted])).to.deep.equal([
          ["order-differs", "0", "9"],
        ]);
      }));

    it("blocks where a sale by voucher is reconciled without its signer", async () => {
      const { orders: _, ...options } = world.options();
      const { reconcile } = await import("../../src/reconcile/reconcile.ts");
      expect(codes((await reconcile(options)).differences)).to.deep.equal(["orders-unchecked"]);
    });
  });
});

describe("reconcile: what is no fault of the copy", () => {
  let world: SettledLaunch;
  beforeEach(async () => {
    world = await startSettledLaunch();
  });
  afterEach(() => world.close());

  it("R12 tells a donation of one unit as a notice, which does not block", async () => {
    await world.settle();
    await world.chain.client.writeContract({
      ...{ address: world.chain.currency, abi: mintAbi, functionName: "mint", args: [world.record.sale, 1n] },
      account: world.chain.deployer,
    });
    await world.mineToFinality();
    const { differences } = await world.reconcile();
    expect(differences.map(({ code, severity, got, wanted }) => [code, severity, got, wanted])).to.deep.equal(
      [["currency-surplus", "notice", "1", "0"]],
    );
  });

  it("R12 tells an order that only the signer counts as bought as a notice", async () => {
    const buyer = await world.signer.buyer();
    const replaced = await world.order(buyer, 10n * UNIT);
    const used = await world.order(buyer, 20n * UNIT, { supersedes: replaced.orderId });
    await world.launch.buy(buyer.account, used, 20n * UNIT);
    await world.settle();
    expect((await world.reconcile()).differences).to.deep.equal([]);

    world.signerNode.lie = ({ method }, result) =>
      method === "eth_getLogs"
        ? [
            ...(result as unknown[]),
            { ...(result as object[])[0], ...purchaseLog(buyer.address, replaced.orderId, 10n * UNIT) },
          ]
        : undefined;
    const { differences } = await world.reconcile();
    expect(differences.map(({ code, severity }) => [code, severity])).to.deep.equal([
      ["order-orphan", "notice"],
    ]);
    expect(differences[0]?.field).to.contain(replaced.orderId);
  });

  it("blocks while the indexer is live at a block before", async () => {
    await world.settle();
    for (let block = 0; block < 9; block++) await world.chain.client.mine({ blocks: 1 });
    const { differences, copy } = await world.reconcile();
    expect(codes(differences)).to.deep.equal(["indexer-behind"]);
    expect(copy).to.equal(undefined);
    await world.indexer.catchUp();
    expect((await world.reconcile()).differences).to.deep.equal([]);
  });

  it("blocks on a purchase by a voucher that the signer does not know", async () => {
    const stranger = await world.signer.buyer();
    const forged = await world.launch.signElsewhere(stranger.address, 30n * UNIT);
    await world.launch.buy(stranger.account, forged, 30n * UNIT);
    await world.settle();
    const { differences } = await world.reconcile();
    expect(differences.map(({ code, field }) => [code, field])).to.deep.equal([
      ["order-unknown", `order ${forged.orderId}`],
    ]);
    expect(differences[0]?.transaction).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("blocks where currency or tokens are missing in the sale", async () => {
    await world.settle();
    const { sale, token } = world.record;
    await world.take(world.chain.currency, sale, world.chain.deployer, 1n);
    await world.take(token, sale, world.chain.deployer, 2n);
    await world.mineToFinality();
    const { differences } = await world.reconcile();
    expect(differences.map(({ code, severity, got, wanted }) => [code, severity, got, wanted])).to.deep.equal(
      [
        ["currency-short", "blocking", "399999999", "400000000"],
        ["token-short", "blocking", String(10n ** 27n - 2n), String(10n ** 27n)],
      ],
    );
  });

  it("counts what is ejected as owed", async () => {
    const { client, deployer } = world.chain;
    const hash = await client.writeContract({
      ...{ address: world.record.sale, abi: saleAbi, functionName: "eject" },
      ...{ args: [world.buyers[1].address] as [Address], account: deployer },
    } as const);
    await client.waitForTransactionReceipt({ hash });
    await world.settle();
    const { differences, copy, buyers } = await world.reconcile();
    expect(differences).to.deep.equal([]);
    expect([copy?.raised, buyers]).to.deep.equal([150n * UNIT, 2]);
  });
});

const mintAbi = [
  {
    type: "function",
    name: "mint",
    stateMutability: "nonpayable",
    inputs: [
      { name: "to", type: "address" },
      { name: "amount", type: "uint256" },
    ],
    outputs: [],
  },
] as const;

function purchaseLog(buyer: Address, orderId: Hex, amount: bigint): object {
  return {
    topics: encodeEventTopics({ abi: saleAbi, eventName: "Purchased", args: { buyer, orderId } }),
    data: encodeAbiParameters(
      [{ type: "uint256" }, { type: "uint256" }, { type: "bytes32" }],
      [0n, amount, `0x${"00".repeat(32)}`],
    ),
  };
}
