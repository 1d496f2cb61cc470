import { launchError } from "../../launch/launchErrors.ts";
import type { Parsed } from "../../sdk/launchFile/parseValues.ts";

/** What an option was parsed to. Throws `usage` with what was wanted. */
export function given<T>(option: string, parsed: Parsed<T>): T {
  if ("value" in parsed) return parsed.value;
  throw launchError("usage", `${option}: wanted ${parsed.wanted}. ${parsed.wayOut}`);
}
