import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { processStart } from "./processStart.ts";

export type LockHolder = { pid: number; start: string };

export type DirectoryLock = { release: () => void };

/**
 * Takes the lock file at `path` for this process. Returns the holder instead when another live process has it.
 * A file left by a process that is gone is taken over.
 */
export function takeLock(path: string): DirectoryLock | { heldBy: LockHolder } {
  const mine = `${process.pid} ${processStart(process.pid) ?? ""} ${randomBytes(8).toString("hex")}`;
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  writeFileSync(draft, mine, { mode: 0o600 });

  try {
    for (;;) {
      try {
        linkSync(draft, path); // atomic: fails when somebody else's file is there
        return { release: () => releaseLock(path, mine) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }

      const found = readIfThere(path);
      if (found === undefined) continue;
      const holder = parse(found);
      if (holder !== undefined && processStart(holder.pid) === holder.start) return { heldBy: holder };

      removeStale(path, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

// Between our reading and our removing, another process may have removed the stale file and taken the lock:
// what was moved aside is looked at again, and put back when it is not what was read.
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) !== stale) {
    try {
      linkSync(aside, path);
    } catch {
      // Somebody took it meanwhile; the server's own postmaster.pid then decides.
    }
  }
  rmSync(aside, { force: true });
}

function releaseLock(path: string, mine: string): void {
  if (readIfThere(path) === mine) rmSync(path, { force: true });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function parse(text: string): LockHolder | undefined {
  const match = /^(\d+) (.*) [0-9a-f]{16}$/.exec(text);
  if (match === null) return undefined;
  return { pid: Number(match[1]), start: match[2] ?? "" };
}
