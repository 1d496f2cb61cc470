import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  lchownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseError } from "./DatabaseError.ts";
import type { ServerUser } from "./serverUser.ts";
import { isReachableByAll } from "./serverUser.ts";

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the name and the final zero. */
const LONGEST_SOCKET_PATH = 100;
const SOCKET_NAME = "/.s.PGSQL.5432";

/** Makes the folder where it is missing and returns its real path. */
export function makeDirectory(path: string): string {
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
export function makeHome(directory: string, user: ServerUser): string {
  const inside = join(directory, "server");
  if (user.uid === undefined) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return inside;
  }

  const home = isReachableByAll(inside) ? inside : homeElsewhere(directory);
  if (home !== inside && !existsSync(secretFile(directory))) rmSync(home, { recursive: true, force: true });

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

/**
 * The superuser's password; those of the roles are derived from it. Only the user that starts the server can read
 * its file.
 */
export function readOrMakeSecret(directory: string, data: string): string {
  const path = secretFile(directory);
  if (existsSync(path)) return readFileSync(path, "utf8");
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
  renameSync(draft, path); // all of it or nothing
  return secret;
}

export type SocketFolder = { path: string; temporary: boolean };

/** Inside `home`, or in the system's temporary folder where that path would be too long for a socket. */
export function makeSocketFolder(home: string, user: ServerUser): SocketFolder {
  const inside = join(home, "socket");
  const temporary = !fits(inside);
  const path = temporary
    ? mkdtempSync(join(fits(`${tmpdir()}/slipway-abcdef`) ? tmpdir() : "/tmp", "slipway-"))
    : inside;
  mkdirSync(path, { recursive: true, mode: 0o700 });
  own(path, user);
  return { path, temporary };
}

export function own(path: string, user: ServerUser): void {
  if (user.uid !== undefined && user.gid !== undefined) lchownSync(path, user.uid, user.gid);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(folder + SOCKET_NAME) <= LONGEST_SOCKET_PATH;
}

function secretFile(directory: string): string {
  return join(directory, "secret");
}

function homeElsewhere(directory: string): string {
  const name = createHash("sha256").update(directory).digest("hex").slice(0, 16);
  return join("/var/tmp", `slipway-postgres-${name}`);
}
