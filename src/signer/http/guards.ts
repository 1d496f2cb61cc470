import type { FastifyInstance } from "fastify";
import { signerError } from "../../sdk/signerErrors.ts";

const overrides = ["x-http-method-override", "x-http-method", "x-method-override"];

/**
 * Refuses before a body is read what no route here takes: encodings, method overrides, GET with a body; and behind a proxy
 * what came to it in the clear, as a token in it is a token lost.
 */
export function guardRequests(app: FastifyInstance, { httpsOnly }: { httpsOnly: boolean }): void {
  app.addHook("onRequest", async (request) => {
    const { headers, method } = request;
    if (overrides.some((name) => headers[name] !== undefined))
      throw signerError("method-not-allowed", "an override");
    if (headers["content-encoding"] !== undefined)
      throw signerError("media-type-unsupported", "a Content-Encoding");

    if (httpsOnly && request.protocol !== "https" && !["/healthz", "/readyz"].includes(request.url))
      throw signerError("https-required");

    const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    if (hasBody && method !== "POST") throw signerError("method-not-allowed", `${method} with a body`);
    if (request.raw.url?.startsWith("/") !== true)
      throw signerError("request-malformed", "the target is no path");
    const hosts = request.raw.rawHeaders.filter(
      (name, index) => index % 2 === 0 && name.toLowerCase() === "host",
    );
    if (hosts.length > 1) throw signerError("request-malformed", "more than one Host");
  });
}

/** 405 with Allow where the path exists for another method, else 404. */
export function answerUnknownPaths(app: FastifyInstance): void {
  const routes: { method: string; pattern: RegExp }[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    const pattern = new RegExp(`^${url.replace(/:[a-zA-Z]+/g, "[^/]+")}$`);
    for (const one of [method].flat()) routes.push({ method: one, pattern });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length === 0) throw signerError("not-found", path.slice(0, 100));
    void reply.header("allow", [...new Set([...methods, "OPTIONS"])].join(", "));
    throw signerError("method-not-allowed", request.method);
  });
}
