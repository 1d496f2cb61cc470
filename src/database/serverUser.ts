import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseError } from "./DatabaseError.ts";

/** The user the server runs as. Without `uid` it is the one we run as. */
export type ServerUser = { uid?: number; gid?: number };

/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};

  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd());
  if (entry === null) {
    throw new DatabaseError({
      code: "DATABASE_USER",
      field: "user",
      got: "root, and no user `nobody` in /etc/passwd",
      wanted: "a user other than root to run PostgreSQL as",
      wayOut: "Run as another user, or set DATABASE_URL to a PostgreSQL of your own.",
    });
  }
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

/** Whether the user we run as is in /etc/passwd; initdb does not work without. */
export function hasPasswdEntry(): boolean {
  if (process.platform !== "linux") return true;
  const uid = process.getuid?.();
  return new RegExp(`^[^:]*:[^:]*:${uid}:`, "m").test(passwd());
}

/** Whether any user may pass through every folder above `path`. */
export function isReachableByAll(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function passwd(): string {
  try {
    return readFileSync("/etc/passwd", "utf8");
  } catch {
    return "";
  }
}
