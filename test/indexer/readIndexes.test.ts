import { expect } from "chai";
import type { Pool } from "pg";
import { getAddress, toHex, zeroAddress, type Address, type Hex } from "viem";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { createQueries } from "../../src/indexer/queries.ts";
import { makeReadIndexes } from "../../src/indexer/readIndexes.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { instantClock } from "../support/indexerUnderTest.ts";
import { testDatabase } from "../support/postgres.ts";

const SALE = getAddress(`0x${"5a".repeat(20)}`);
const ROWS = 20_000;
const record = {
  sale: SALE,
  terms: {
    sale: { price: { currencyUnits: 1n, tokenUnits: 1n } },
    vesting: { buyers: { initialBps: 0, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 } },
  },
} as unknown as LaunchRecord;
/** Of 8 kB each; the entries alone have about 700. */
const MOST_PAGES = 40;

describe("indexer: what a read touches", () => {
  let database: Pool;
  let pages: number;
  let queries: ReturnType<typeof createQueries>;

  before(async () => {
    database = createPool({ connectionString: await testDatabase(), applicationName: "reads" });
    await migrate(
      database,
      readMigrations(new URL("../../src/indexer/migrations", import.meta.url).pathname),
    );
    await database.query("INSERT INTO chain (chain_id) VALUES (1)");
    await database.query(
      "INSERT INTO sales (address, terms_hash, start_block, copied_to, history) VALUES ($1, '', 0, 0, '')",
      [`\\x${SALE.slice(2)}`],
    );
    await database.query(
      `INSERT INTO entries SELECT s.id, n, 0, decode(lpad(to_hex(n % 2000), 40, '0'), 'hex'), 0, 1,
         decode(lpad(to_hex(n), 64, '0'), 'hex'), '', n / 20, '', 0, decode(lpad(to_hex(n), 64, '1'), 'hex'), n % 20
       FROM sales s, generate_series(1, $1::int) n`,
      [ROWS],
    );
    await database.query(
      `INSERT INTO positions SELECT s.id, decode(lpad(to_hex(n), 40, '0'), 'hex'), 1, 0, 0, 0, 0, 1
       FROM sales s, generate_series(1, $1::int) n`,
      [ROWS],
    );
    const client = await database.connect();
    await makeReadIndexes(client);
    client.release();
    queries = createQueries(measured(database), [record], instantClock());
  });
  after(() => database.end());

  beforeEach(() => (pages = 0));

  /** Answers each query, and counts the pages that it reads. */
  function measured(pool: Pool): Pool {
    const query = async (text: string, values: unknown[]) => {
      const explained = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`;
      const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: Record<string, number> }] }>(
        explained,
        values,
      );
      const { Plan: plan } = rows[0]?.["QUERY PLAN"][0] ?? { Plan: {} };
      pages += (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0);
      return pool.query(text, values);
    };
    return { query } as unknown as Pool;
  }

  const word = (number: number, size: number, fill: string): Hex =>
    `0x${toHex(number).slice(2).padStart(size, fill)}`;
  const buyer: Address = word(7, 40, "0");
  const asked: [string, () => Promise<{ entries?: unknown[]; positions?: unknown[] }>, number][] = [
    ["a page", () => queries.entries(SALE, { after: 15_000, limit: 20 }), 20],
    ["a buyer", () => queries.entries(SALE, { after: 0, limit: 20, buyer }), 10],
    ["an order", () => queries.entries(SALE, { after: 0, limit: 20, order: word(19_000, 64, "0") }), 1],
    [
      "a transaction",
      () => queries.entries(SALE, { after: 0, limit: 20, transaction: word(19_000, 64, "1") }),
      1,
    ],
    ["positions", () => queries.positions(SALE, { after: buyer, limit: 20 }), 20],
  ];
  for (const [what, ask, count] of asked) {
    it(`is few pages for ${what}`, async () => {
      const { entries, positions } = await ask();
      expect((entries ?? positions)?.length).to.equal(count);
      expect(pages).to.be.within(1, MOST_PAGES);
    });
  }

  it("is few pages for the last final entry, and where none is", async () => {
    expect(await queries.lastFinal(SALE)).to.equal(0);
    expect(pages).to.be.below(MOST_PAGES);
    await database.query("UPDATE chain SET anchor_number = (SELECT max(block_number) - 3 FROM entries)");
    await database.query("UPDATE sales SET proved_to = 1000000");
    const { rows } = await database.query<{ last: string }>(
      "SELECT max(sequence)::text AS last FROM entries, chain WHERE block_number <= anchor_number",
    );
    pages = 0;
    expect(await queries.lastFinal(SALE)).to.equal(Number(rows[0]?.last));
    expect(pages).to.be.within(1, MOST_PAGES);
  });

  it("is few pages for one position and for a name of events", async () => {
    expect((await queries.position(SALE, buyer))?.paid).to.equal("1");
    expect(pages).to.be.within(1, MOST_PAGES);
    await queries.events(SALE, { after: { block: -1, logIndex: -1 }, limit: 20, name: "Claimed" });
    expect(pages).to.be.within(0, MOST_PAGES);
    expect(await queries.position(SALE, zeroAddress)).to.equal(undefined);
  });
});
