import { existsSync } from "node:fs";
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Launch } from "../sdk/launchFile/Launch.ts";
import { SlipwayError } from "../sdk/problem.ts";
import { launchError } from "./launchErrors.ts";

/**
 * The launch that a file's default export is. Throws `launch-invalid` with every problem, `launch-file-missing`, or
 * `launch-file-unreadable` with file and line.
 */
export async function readLaunchFile(path: string): Promise<Launch> {
  if (!existsSync(path)) throw launchError("launch-file-missing", path);
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw launchError("launch-file-unreadable", whereOf(error, path), { cause: error });
  }
  const launch = module.default;
  if (typeof launch === "object" && launch !== null && "policy" in launch) return launch as Launch;
  throw launchError("launch-file-unreadable", `${shown(path)} has no \`export default defineLaunch({ … })\``);
}

type BuildError = { errors?: { text: string; location?: { line: number; column: number } | null }[] };

/** "launch.config.ts:12:5: what is wrong". */
function whereOf(error: unknown, path: string): string {
  const [first] = (error as BuildError).errors ?? [];
  if (first !== undefined) {
    const place = first.location == null ? "" : `:${first.location.line}:${first.location.column + 1}`;
    return `${shown(path)}${place}: ${first.text}`;
  }
  if (!(error instanceof Error)) return `${shown(path)}: ${String(error)}`;
  // esbuild's words, once the loader has made text of them: "…/launch.config.ts:12:5: ERROR: …".
  const [, place, text] = /:(\d+:\d+): ERROR: (.*)/.exec(error.message) ?? [];
  if (place !== undefined) return `${shown(path)}:${place}: ${text ?? ""}`;
  const frame = error.stack?.split("\n").find((line) => line.includes(path.replaceAll("\\", "/")));
  const [, line] = /:(\d+:\d+)\)?$/.exec(frame ?? "") ?? [];
  return `${shown(path)}${line === undefined ? "" : `:${line}`}: ${error.message}`;
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path;
}
