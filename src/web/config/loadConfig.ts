import { pageError } from "../errors/pageErrors.ts";
import { parsePageConfig, type PageConfig } from "./pageConfig.ts";

/** `config.json` beside the page; throws `config-unreachable` or `config-invalid`. */
export async function loadConfig(
  send: typeof fetch = (...args) => globalThis.fetch(...args),
): Promise<PageConfig> {
  let value: unknown;
  try {
    // As index.html preloads it, and the server lets nobody keep it.
    const response = await send("config.json");
    if (!response.ok) throw new Error(`HTTP ${String(response.status)}`);
    value = await response.json();
  } catch (cause) {
    throw pageError("config-unreachable", { cause });
  }
  return parsePageConfig(value);
}
