import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";

/** kill -9 of the whole server, as a machine that loses its power does: first the postmaster, then all it started. */
export async function killDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
  const postmaster = Number(
    readFileSync(join(rows[0]?.data_directory ?? "", "postmaster.pid"), "utf8").split("\n")[0],
  );
  if (!Number.isSafeInteger(postmaster) || postmaster <= 1) throw new Error("the server has no pid");
  for (const pid of [postmaster, ...childrenOf(postmaster)]) kill(pid);
  await client.end().catch(() => undefined);
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // After the name, which is in parentheses, come state and parent.
        const [, rest = ""] = /\) (.*)$/s.exec(readFileSync(`/proc/${String(pid)}/stat`, "utf8")) ?? [];
        return Number(rest.split(" ")[1]) === parent;
      } catch {
        return false;
      }
    });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went with its parent.
  }
}
