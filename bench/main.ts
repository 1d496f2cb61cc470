import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../scripts/commands.ts";

await runCommand(dirname(fileURLToPath(import.meta.url)), process.argv.slice(2));
