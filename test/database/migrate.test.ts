import { expect } from "chai";
import type { Pool } from "pg";
import { migrate } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { codeOf } from "./codeOf.ts";
import { testDatabase } from "../support/postgres.ts";

const first = { id: "001-orders", sql: "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)" };
const second = { id: "002-amounts", sql: "ALTER TABLE orders ADD COLUMN amount numeric" };

describe("migrate", () => {
  let pool: Pool;

  beforeEach(async () => {
    pool = createPool({ connectionString: await testDatabase(), applicationName: "test" });
  });

  afterEach(() => pool.end());

  it("rejects a migration whose text changed after it was run", async () => {
    await migrate(pool, [first]);

    expect(await codeOf(migrate(pool, [{ ...first, sql: `${first.sql} ` }]))).to.equal("MIGRATION_CHANGED");
  });

  it("rejects a database that has migrations we do not know", async () => {
    await migrate(pool, [first, second]);

    expect(await codeOf(migrate(pool, [first]))).to.equal("MIGRATION_UNKNOWN");
  });

  it("rejects another order than the one that was run", async () => {
    await migrate(pool, [first, second]);

    expect(await codeOf(migrate(pool, [second, first]))).to.equal("MIGRATION_UNKNOWN");
  });

  it("keeps nothing of a migration that fails, and all before it", async () => {
    const failing = { id: "002-fails", sql: "INSERT INTO orders VALUES (2); SELECT 1 / 0" };

    expect(await codeOf(migrate(pool, [first, failing]))).to.equal("MIGRATION_FAILED");

    expect((await pool.query("SELECT id FROM orders")).rows).to.deep.equal([{ id: 1 }]);
    expect(await migrate(pool, [first, second])).to.deep.equal(["002-amounts"]);
  });

  it("runs what is missing, in order, once", async () => {
    expect(await migrate(pool, [first])).to.deep.equal(["001-orders"]);
    expect(await migrate(pool, [first, second])).to.deep.equal(["002-amounts"]);
    expect(await migrate(pool, [first, second])).to.deep.equal([]);
  });

  it("runs each once when several processes start together", async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(pool, [first, second])));

    expect(all.flat().sort()).to.deep.equal(["001-orders", "002-amounts"]);
    expect((await pool.query("SELECT id FROM orders")).rowCount).to.equal(1);
  });
});
