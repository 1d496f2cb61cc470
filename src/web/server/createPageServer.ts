import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ServiceStatus } from "../../sdk/serviceStatus.ts";
import type { PageConfig } from "../config/pageConfig.ts";
import type { StaticFile } from "./readFiles.ts";
import { originsOf, securityHeaders, socketsOf } from "./securityHeaders.ts";

/**
 * Serves the built page, and `configFile` as `/config.json`, read anew at each request so that it may change while the
 * server runs. GET and HEAD only; `/healthz` answers 200, `/v1/status` says which launch is shown.
 */
export function createPageServer({
  files,
  configFile,
}: {
  files: ReadonlyMap<string, StaticFile>;
  configFile: string;
}): Server {
  const sockets = socketsOf(files.get("/")?.body.toString() ?? "");
  return createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const config = await readConfig(configFile);
    const headers = securityHeaders([...originsOf(config?.value), ...sockets]);
    const send = (
      status: number,
      type: string,
      body: string | Buffer,
      more: Record<string, string> = {},
    ): void => {
      response.writeHead(status, {
        ...headers,
        "content-type": type,
        "content-length": Buffer.byteLength(body),
        "cache-control": "no-store",
        ...more,
      });
      response.end(request.method === "HEAD" ? undefined : body);
    };

    if (request.method !== "GET" && request.method !== "HEAD") {
      send(405, "text/plain", "Method not allowed\n", { allow: "GET, HEAD" });
      return;
    }
    const { pathname } = new URL(request.url ?? "/", "http://page");
    if (pathname === "/healthz") {
      send(200, "application/json", '{"ok":true}');
      return;
    }
    if (pathname === "/config.json") {
      if (config === undefined) send(500, "application/json", '{"code":"config-invalid"}');
      else send(200, "application/json", config.text);
      return;
    }
    if (pathname === "/v1/status") {
      const status = statusOf(config?.value);
      send(
        status === undefined ? 500 : 200,
        "application/json",
        JSON.stringify(status ?? { code: "config-invalid" }),
      );
      return;
    }
    const file = files.get(pathname);
    if (file === undefined) {
      send(404, "text/plain", "Not found\n");
      return;
    }
    const zips = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
    send(200, file.type, zips ? file.zipped : file.body, {
      ...(zips ? { "content-encoding": "gzip" } : {}),
      vary: "accept-encoding",
      "cache-control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    });
  }
}

/** What `launch doctor` compares; the page holds no key and limits nobody. */
function statusOf(config: unknown): ServiceStatus | undefined {
  const { chainId, sale, termsHash } = (config ?? {}) as Partial<PageConfig>;
  if (chainId === undefined || sale === undefined || termsHash === undefined) return undefined;
  return { chainId, sales: [{ sale, termsHash }], origins: originsOf(config) };
}

async function readConfig(path: string): Promise<{ text: string; value: unknown } | undefined> {
  try {
    const text = await readFile(path, "utf8");
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    // Missing, or half written: the page says so and asks to reload.
    return undefined;
  }
}
