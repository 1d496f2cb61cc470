import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { serverError } from "./serverErrors.ts";

export type StaticFile = {
  type: string;
  body: Buffer;
  zipped: Buffer;
  /** Its name carries the hash of its content: it never changes. */
  immutable: boolean;
};

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/**
 * The built page in memory, by URL path. What is not in this map cannot be served, so no path leads out of the folder.
 * Throws `page-not-built` where there is no index.html.
 */
export function readFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of list(folder)) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const urlPath = `/${relative(folder, path).replaceAll("\\", "/")}`;
    const body = readFileSync(path);
    files.set(urlPath, {
      type: types[extname(path)] ?? "application/octet-stream",
      body,
      zipped: gzipSync(body),
      immutable: urlPath.startsWith("/assets/"),
    });
  }
  const index = files.get("/index.html");
  if (index === undefined) throw serverError("page-not-built", `no index.html in ${folder}`);
  files.set("/", index);
  return files;
}

function list(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw serverError("page-not-built", `no folder ${folder}`, { cause });
  }
}
