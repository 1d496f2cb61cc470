import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { keccak256 } from "viem";
import type { Launch } from "../sdk/launchFile/Launch.ts";
import type { LaunchFile } from "../sdk/launchFile/LaunchFile.ts";
import { SlipwayError, type Problem } from "../sdk/problem.ts";
import { launchError } from "./launchErrors.ts";

/**
 * The launch that a file's default export is, its document compared with the hash. Throws `launch-invalid` with every problem, `launch-file-missing`, or
 * `launch-file-unreadable` with file and line.
 */
export async function readLaunchFile(path: string): Promise<Launch> {
  if (!existsSync(path)) throw launchError("launch-file-missing", path);
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    if (isInvalid(error)) {
      const { document } = error.cause as Partial<LaunchFile>;
      throw invalid([...error.problems, ...documentProblems(path, document?.file ?? "", document?.hash)]);
    }
    if (error instanceof SlipwayError) throw error;
    throw launchError("launch-file-unreadable", whereOf(error, path), { cause: error });
  }
  const launch = module.default;
  if (typeof launch === "object" && launch !== null && "policy" in launch) {
    const { documentFile, document } = launch as Launch;
    const problems = documentProblems(path, documentFile, document.hash);
    if (problems.length > 0) throw invalid(problems);
    return launch as Launch;
  }
  throw launchError("launch-file-unreadable", `${shown(path)} has no \`export default defineLaunch({ … })\``);
}

/** By its name: a file that was loaded otherwise than this one has classes of its own. */
function isInvalid(error: unknown): error is SlipwayError {
  return error instanceof Error && "code" in error && error.code === "launch-invalid" && "problems" in error;
}

/** The file that buyers will read is the one whose hash the sale carries. */
function documentProblems(path: string, file: unknown, hash: unknown): Problem[] {
  if (typeof file !== "string" || file === "") return [];
  const place = resolve(dirname(path), file);
  const isThere = existsSync(place);
  const got = isThere ? keccak256(readFileSync(place)) : "no such file";
  if (typeof hash === "string" && got === hash.toLowerCase()) return [];
  return [
    {
      code: "document-differs",
      field: isThere ? "document.hash" : "document.file",
      got: isThere ? String(hash) : shown(place),
      wanted: isThere ? `${got}, of ${shown(place)}` : "the document whose hash the sale carries",
      wayOut: isThere ? "Take the file's hash, or put the file back." : "Correct the path, or leave it out.",
    },
  ];
}

function invalid(problems: readonly Problem[]): SlipwayError {
  const count = problems.length === 1 ? "a problem" : `${String(problems.length)} problems`;
  return launchError("launch-invalid", count, { problems });
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
