import { expect } from "chai";
import type { Pool } from "pg";
import { createPool, inTransaction } from "../../src/database/pool.ts";
import { testCluster, testDatabase } from "../support/postgres.ts";

describe("createPool", () => {
  let url: string;
  let pool: Pool;
  let idleErrors: Error[];

  beforeEach(async () => {
    url = await testDatabase();
    idleErrors = [];
    pool = createPool({
      connectionString: url,
      applicationName: "test",
      onIdleError: (error) => idleErrors.push(error),
    });
    await pool.query("CREATE TABLE amounts (n numeric)");
  });

  afterEach(() => pool.end());

  it("reads int8 as bigint beyond what a number holds", async () => {
    const { rows } = await pool.query(
      "SELECT 9223372036854775807::int8 AS n, NULL::int8 AS nothing, 7::int4 AS small",
    );

    expect(rows).to.deep.equal([{ n: 9_223_372_036_854_775_807n, nothing: null, small: 7 }]);
  });

  it("keeps numeric to the last digit, in and out", async () => {
    const amount = 2n ** 256n - 1n;
    await pool.query("INSERT INTO amounts VALUES ($1)", [amount]);

    const { rows } = await pool.query<{ n: string }>("SELECT n FROM amounts");

    expect(rows[0]?.n).to.equal(
      "115792089237316195423570985008687907853269984665640564039457584007913129639935",
    );
  });

  it("survives the loss of an idle connection", async () => {
    const { rows } = await pool.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const lost = new Promise<void>((done) => pool.once("error", () => done()));
    const admin = createPool({ connectionString: (await testCluster()).adminUrl, applicationName: "test" });
    await admin.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
    await admin.end();
    await lost;

    expect(idleErrors).to.have.lengthOf(1);
    expect((await pool.query("SELECT 1 AS one")).rows).to.deep.equal([{ one: 1 }]);
  });

  describe("inTransaction", () => {
    it("survives the loss of its connection between two statements, and throws", async () => {
      const admin = createPool({ connectionString: (await testCluster()).adminUrl, applicationName: "test" });
      const code = await inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
        const lost = new Promise<void>((done) => client.once("error", () => done()));
        await admin.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
        await lost;
        await client.query("SELECT 1");
        return "passed";
      }).catch(() => "thrown");
      await admin.end();

      expect(code).to.equal("thrown");
      expect((await pool.query("SELECT 1 AS one")).rows).to.deep.equal([{ one: 1 }]);
    });

    it("keeps nothing when the work throws, and throws it on", async () => {
      const problem = new Error("no");
      let thrown: unknown;
      try {
        await inTransaction(pool, async (client) => {
          await client.query("INSERT INTO amounts VALUES (1)");
          throw problem;
        });
      } catch (error) {
        thrown = error;
      }

      expect(thrown).to.equal(problem);
      expect((await pool.query("SELECT n FROM amounts")).rowCount).to.equal(0);
    });

    it("keeps everything when the work resolves, and returns its result", async () => {
      const result = await inTransaction(pool, async (client) => {
        await client.query("INSERT INTO amounts VALUES (1)");
        return "done";
      });

      expect(result).to.equal("done");
      expect((await pool.query("SELECT n FROM amounts")).rowCount).to.equal(1);
    });
  });
});
