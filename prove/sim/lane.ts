// Lives through one seed for each message, in a database of its own, and answers with how it ended.
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { runSeed } from "./runSeed.ts";

const url = process.argv[2] ?? "";
const database = createPool({ connectionString: url, applicationName: "sim" });
await migrate(database, readMigrations(new URL("../../src/indexer/migrations", import.meta.url).pathname));

process.on("message", (seed: number) => {
  void runSeed(seed, url, database).then((outcome) => process.send!(outcome));
});
