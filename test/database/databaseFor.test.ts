import { expect } from "chai";
import { rmSync } from "node:fs";
import { databaseFor, openDatabases } from "../../src/database/databaseFor.ts";
import { migrate } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { temporaryDirectory, testDatabase } from "../support/postgres.ts";
import { codeOf } from "./codeOf.ts";

const migration = { id: "001-mine", sql: "CREATE TABLE mine (n int); INSERT INTO mine VALUES (1)" };

describe("openDatabases", () => {
  describe("with a URL", () => {
    for (const url of ["nonsense", "mysql://localhost/a", "/var/run/postgresql"]) {
      it(`refuses ${url}`, async () => {
        expect(await codeOf(openDatabases({ url }))).to.equal("DATABASE_URL");
      });
    }

    it("says so when nothing answers there", async () => {
      const databases = await openDatabases({ url: "postgresql://nobody:nothing@127.0.0.1:1/none" });

      expect(await codeOf(databases.databaseFor("signer"))).to.equal("DATABASE_UNREACHABLE");
    });

    it("gives each service a schema of its own, migrated on its own", async () => {
      const databases = await openDatabases({ url: await testDatabase() });
      const signer = await databases.databaseFor("signer");
      const indexer = await databases.databaseFor("indexer");

      expect(await migrated(signer)).to.deep.equal(["001-mine"]);
      expect(await migrated(indexer)).to.deep.equal(["001-mine"]);
      expect(await migrated(await databases.databaseFor("signer"))).to.deep.equal([]);
      await databases.stop();
    });

    it("empties only that service's schema when told so", async () => {
      const databases = await openDatabases({ url: await testDatabase() });
      await migrated(await databases.databaseFor("signer"));
      await migrated(await databases.databaseFor("indexer"));

      expect(await migrated(await databases.databaseFor("signer", { fresh: true }))).to.deep.equal([
        "001-mine",
      ]);
      expect(await migrated(await databases.databaseFor("indexer"))).to.deep.equal([]);
    });

    it("is what databaseFor takes from the environment", async () => {
      const url = await testDatabase();

      const mine = await databaseFor("signer", { DATABASE_URL: url });

      expect(new URL(mine.url).pathname).to.equal(new URL(url).pathname);
      expect(await migrated(mine.url)).to.deep.equal(["001-mine"]);
      await mine.stop();
    });
  });

  it("without a URL gives each service a database and a role of its own", async () => {
    const directory = temporaryDirectory();
    const databases = await openDatabases({ directory });
    try {
      const urls = [await databases.databaseFor("signer"), await databases.databaseFor("indexer")].map(
        (url) => new URL(url),
      );

      expect(urls.map((url) => url.username)).to.deep.equal(["slipway_signer", "slipway_indexer"]);
      expect(urls.map((url) => url.pathname)).to.deep.equal(["/slipway_signer", "/slipway_indexer"]);
      expect(await migrated(urls[0]?.href ?? "")).to.deep.equal(["001-mine"]);
    } finally {
      await databases.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

async function migrated(url: string): Promise<string[]> {
  const pool = createPool({ connectionString: url, applicationName: "test" });
  try {
    return await migrate(pool, [migration]);
  } finally {
    await pool.end();
  }
}
