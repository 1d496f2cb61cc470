// Started by tests as a process of its own: runs a server in the given directory, prints its URL, stays until killed.
import { startPostgres } from "../../src/database/startPostgres.ts";

const cluster = await startPostgres({ directory: process.argv[2] ?? "" });
console.log(await cluster.createDatabase({ name: "held", role: "held" }));
setInterval(() => undefined, 60_000);
