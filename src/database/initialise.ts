import { spawnSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseError } from "./DatabaseError.ts";
import type { ServerBinaries } from "./serverBinaries.ts";
import { own } from "./serverHome.ts";
import { serverEnvironment, startFailed } from "./serverProcess.ts";
import type { ServerUser } from "./serverUser.ts";
import { hasPasswdEntry } from "./serverUser.ts";

const MAJOR = "18";

export type Initialise = {
  binaries: ServerBinaries;
  home: string;
  data: string;
  user: ServerUser;
  /** Of the superuser `postgres`. */
  password: string;
};

/** Makes the data folder: in a draft that is renamed when complete, so that a crash leaves all of it or nothing. */
export function initialise({ binaries, home, data, user, password }: Initialise): void {
  const draft = `${data}.draft`;
  rmSync(draft, { recursive: true, force: true });
  const passwordFile = join(home, "password");
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600, flag: "wx" });
  own(passwordFile, user);

  const command = [
    ...userWithName(user),
    binaries.initdb,
    ...["-D", draft, "-U", "postgres", "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8"],
    ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
  ];
  const run = spawnSync(command[0] ?? "", command.slice(1), {
    ...user,
    cwd: home,
    env: serverEnvironment(),
    encoding: "utf8",
  });
  rmSync(passwordFile, { force: true });

  if (run.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    if (run.error !== undefined) throw startFailed(`initdb cannot be run, ${run.error.message}`, "");
    throw startFailed(`initdb ended with ${run.status ?? run.signal}`, `${run.stdout}${run.stderr}`);
  }
  renameSync(draft, data);
}

/** Throws DATABASE_VERSION when the folder was made by another major version, which ours cannot read. */
export function checkVersion(data: string): void {
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
 * initdb asks for the name of the user it runs as. A uid without a name (as containers are often run) gets one in
 * a user namespace, for this one program; the files still belong to the uid itself.
 */
function userWithName(user: ServerUser): string[] {
  if (user.uid !== undefined || hasPasswdEntry()) return [];

  const prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"];
  if (spawnSync("unshare", [...prefix.slice(1), "true"], { stdio: "ignore" }).status === 0) return prefix;

  throw new DatabaseError({
    code: "DATABASE_USER",
    field: "user",
    got: `uid ${process.getuid?.()} without an entry in /etc/passwd`,
    wanted: "a user with a name, which PostgreSQL asks for",
    wayOut: "Run as a user of this machine, or set DATABASE_URL to a PostgreSQL of your own.",
  });
}
