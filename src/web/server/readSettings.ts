import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Problem } from "../../sdk/problem.ts";
import { serverError } from "./serverErrors.ts";

export type ServerSettings = { host: string; port: number; configFile: string; webRoot: string };

/** Settings from the environment; throws `config-invalid` naming every one that is wrong. */
export function readSettings(env: Record<string, string | undefined>): ServerSettings {
  const problems: Problem[] = [];
  const wrong = (field: string, got: string, wanted: string, wayOut: string): void => {
    problems.push({ code: "config-invalid", field, got, wanted, wayOut });
  };

  const port = env["PORT"] ?? "7400";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    wrong("PORT", port, "a port from 0 to 65535", "Set PORT to a free port, or leave it out for 7400.");
  }
  const configFile = env["CONFIG_FILE"] ?? "";
  const readable = configFile !== "" && isJson(configFile);
  if (!readable) {
    const got = configFile === "" ? "nothing" : configFile;
    wrong(
      "CONFIG_FILE",
      got,
      "the path of a JSON file",
      "Set it to the file that is to be served as /config.json.",
    );
  }
  if (problems.length > 0) throw serverError("config-invalid", "", { problems });
  return {
    host: env["HOST"] ?? "127.0.0.1",
    port: Number(port),
    configFile,
    webRoot: env["WEB_ROOT"] ?? fileURLToPath(new URL("../../../dist/web", import.meta.url)),
  };
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}
