import { expect } from "chai";
import type { Pool } from "pg";
import { runSeed } from "../../prove/sim/runSeed.ts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { testDatabase } from "../support/postgres.ts";

describe("prove: sim", () => {
  let url: string;
  let database: Pool;

  before(async () => {
    url = await testDatabase();
    database = createPool({ connectionString: url, applicationName: "sim-test" });
    await migrate(
      database,
      readMigrations(new URL("../../src/indexer/migrations", import.meta.url).pathname),
    );
  });
  after(() => database.end());

  it("ends right, digest by digest, on a few seeds", async () => {
    for (const seed of [1, 3, 4]) expect(await runSeed(seed, url, database)).to.deep.equal({ end: "right" });
  });
});
