import type { FastifyInstance } from "fastify";
import type { Clock } from "../chain/clock.ts";
import { indexerError } from "../sdk/indexerErrors.ts";

/** Machines that watch us, and this machine itself. */
const FREE_PATHS = new Set(["/healthz", "/readyz", "/metrics"]);
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** Addresses remembered; those with a full bucket are forgotten first. */
const MOST_ADDRESSES = 50_000;

type Bucket = { tokens: number; at: number };

/** A token bucket for each address, in this process; zero a minute: no limit. A refused request takes nothing. */
export function limitRate(app: FastifyInstance, perMinute: number, clock: Clock): void {
  if (perMinute === 0) return;
  const buckets = new Map<string, Bucket>();

  app.addHook("onRequest", async (request, reply) => {
    const { ip } = request;
    if (LOOPBACK.test(ip) || FREE_PATHS.has(request.url.split("?")[0] ?? "")) return;
    const now = clock.now();
    const { tokens: left, at } = buckets.get(ip) ?? { tokens: perMinute, at: now };
    const tokens = Math.min(perMinute, left + (Math.max(0, now - at) * perMinute) / 60_000);
    const passes = tokens >= 1;
    const kept = passes ? tokens - 1 : tokens;
    if (passes) buckets.set(ip, { tokens: kept, at: now });
    if (buckets.size > MOST_ADDRESSES) forgetFull(buckets, perMinute, now);

    const seconds = Math.max(1, Math.ceil(((1 - kept) * 60) / perMinute));
    void reply.headers({
      "ratelimit-policy": `"client";q=${String(perMinute)};w=60`,
      ratelimit: `"client";r=${String(Math.floor(kept))};t=${String(seconds)}`,
    });
    if (passes) return;
    void reply.header("retry-after", String(seconds));
    throw indexerError("rate-limited", `more than ${String(perMinute)} a minute`);
  });
}

function forgetFull(buckets: Map<string, Bucket>, perMinute: number, now: number): void {
  for (const [ip, { tokens, at }] of buckets) {
    if (tokens + ((now - at) * perMinute) / 60_000 >= perMinute) buckets.delete(ip);
  }
  if (buckets.size > MOST_ADDRESSES) buckets.clear();
}
