import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";

/** Every answer that is no stream has an `ETag` of its own bytes; who sends it back and nothing has changed gets a 304. */
export function addEtags(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (request.method !== "GET" || reply.statusCode !== 200 || typeof payload !== "string") return payload;
    const tag = `"${createHash("sha256").update(payload).digest("base64url").slice(0, 22)}"`;
    void reply.header("etag", tag);
    const known = request.headers["if-none-match"]?.split(",").map((each) => each.trim().replace(/^W\//, ""));
    if (known?.includes(tag) !== true) return payload;
    void reply.code(304);
    return "";
  });
}
