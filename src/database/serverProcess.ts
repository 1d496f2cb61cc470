import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { DatabaseError } from "./DatabaseError.ts";
import { processStart } from "./processStart.ts";
import type { ServerBinaries } from "./serverBinaries.ts";
import type { ServerUser } from "./serverUser.ts";

const START_DEADLINE_MS = 30_000;

/**
 * Runs the server and watches stdin, which is a pipe that only we hold open: when it ends, because we closed it or
 * because we were killed, the server gets SIGINT (fast shutdown) and what is temporary is removed.
 */
const WATCHDOG = `
one=$1 two=$2 three=$3; shift 3
exec 3<&0
"$@" </dev/null & server=$!
( while read -r _ <&3; do :; done; kill -INT "$server" 2>/dev/null ) & watcher=$!
wait "$server"; code=$?
kill "$watcher" 2>/dev/null
for path in "$one" "$two" "$three"; do [ -z "$path" ] || rm -rf "$path"; done
exit $code
`;

export type LaunchServer = {
  binaries: ServerBinaries;
  data: string;
  socketFolder: string;
  logFile: string;
  user: ServerUser;
  /** Removed when the server ends, however it ends; at most three paths. */
  remove: readonly string[];
};

/** Starts the server under its watchdog; it stops when the returned process' stdin is closed. */
export function launchServer({
  binaries,
  data,
  socketFolder,
  logFile,
  user,
  remove,
}: LaunchServer): ChildProcess {
  const settings = {
    listen_addresses: "",
    unix_socket_directories: socketFolder,
    unix_socket_permissions: "0700",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    max_connections: "200",
    shared_buffers: "64MB",
    timezone: "UTC",
    log_timezone: "UTC",
    log_min_messages: "warning",
  };
  const args = [
    "-D",
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const removed = [0, 1, 2].map((index) => remove[index] ?? "");

  const log = openSync(logFile, "w", 0o600);
  try {
    // Its own session: Ctrl-C in the terminal is for us; we stop the server after those who use it.
    return spawn("/bin/sh", ["-c", WATCHDOG, "sh", ...removed, binaries.postgres, ...args], {
      ...user,
      cwd: "/",
      env: serverEnvironment(),
      stdio: ["pipe", log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** Nothing of ours is inherited: PG… variables and locales would change what the server does. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

/** Waits until the superuser can log in, then closes the maintenance databases to everybody else. */
export async function untilReady(server: ChildProcess, adminUrl: string, log: () => string): Promise<void> {
  const ended = new Promise<string>((done) => {
    server.once("error", (error) => done(error.message));
    server.once("exit", (code, signal) => done(`it ended with ${code ?? signal}`));
  });
  const deadline = performance.now() + START_DEADLINE_MS;

  for (;;) {
    const client = new Client({ connectionString: adminUrl });
    client.on("error", () => undefined); // reported by the promises below
    const outcome = await Promise.race([
      client.connect().then(
        () => undefined,
        (error: Error) => error,
      ),
      ended,
    ]);
    if (outcome === undefined) {
      await client.query("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
      await client.end();
      return;
    }
    if (typeof outcome === "string") throw startFailed(outcome, log());
    if (performance.now() > deadline) {
      throw startFailed(`no answer in ${START_DEADLINE_MS / 1000} s (${outcome.message})`, log());
    }
    await wait(10);
  }
}

/**
 * A run that was killed may have left its server, which is just stopping; it is waited for, then stopped. A
 * postmaster.pid whose process is gone is removed: after a restart of the machine or container its pid may belong
 * to another process, and the server would refuse to start. False when a server is there and does not stop.
 */
export async function endLeftover(data: string): Promise<boolean> {
  const file = join(data, "postmaster.pid");
  for (let tries = 0; existsSync(file); tries++) {
    const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
    if (!isServer(pid)) {
      rmSync(file, { force: true });
      return true;
    }
    if (tries === 100) process.kill(pid, "SIGINT");
    if (tries === 300) process.kill(pid, "SIGQUIT");
    if (tries === 600) return false;
    await wait(50);
  }
  return true;
}

export function startFailed(what: string, log: string): DatabaseError {
  return new DatabaseError({
    code: "DATABASE_START",
    field: "PostgreSQL",
    got: log === "" ? what : `${what}: ${log}`,
    wanted: "a server that answers",
    wayOut: "Set DATABASE_URL to a PostgreSQL of your own where this one cannot run.",
  });
}

function isServer(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1 || processStart(pid) === undefined) return false;
  if (process.platform === "linux") {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]?.endsWith("postgres") === true;
    } catch {
      return false;
    }
  }
  return spawnSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).stdout.includes(
    "postgres",
  );
}
