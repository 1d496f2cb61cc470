import type { FastifyInstance } from "fastify";
import type { Clock } from "../chain/clock.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import { clientOf } from "./clientOf.ts";

/** Of machines that watch us. */
const FREE_PATHS = new Set(["/healthz", "/readyz", "/metrics"]);
/** Clients remembered; those with a full bucket are forgotten first. */
const MOST_CLIENTS = 50_000;

type Bucket = { tokens: number; at: number };

/** A token bucket for each client, in this process; zero a minute: no limit. A refused request takes nothing. */
export function limitRate(app: FastifyInstance, perMinute: number, clock: Clock): void {
  if (perMinute === 0) return;
  const buckets = new Map<string, Bucket>();

  app.addHook("onRequest", async (request, reply) => {
    const client = clientOf(request.ip);
    if (client === undefined || FREE_PATHS.has(request.url.split("?")[0] ?? "")) return;
    const now = clock.now();
    const { tokens: left, at } = buckets.get(client) ?? { tokens: perMinute, at: now };
    const tokens = Math.min(perMinute, left + (Math.max(0, now - at) * perMinute) / 60_000);
    const passes = tokens >= 1;
    const kept = passes ? tokens - 1 : tokens;
    if (passes) buckets.set(client, { tokens: kept, at: now });
    if (buckets.size > MOST_CLIENTS) forgetFull(buckets, perMinute, now);

    const seconds = Math.max(1, Math.ceil(((1 - kept) * 60) / perMinute));
    void reply.headers({
      "ratelimit-policy": `"client";q=${String(perMinute)};w=60`,
      ratelimit: `"client";r=${String(Math.floor(kept))};t=${String(seconds)}`,
    });
    if (passes) return;
    throw indexerError("rate-limited", `more than ${String(perMinute)} a minute`, {
      retryAfterSeconds: seconds,
    });
  });
}

function forgetFull(buckets: Map<string, Bucket>, perMinute: number, now: number): void {
  for (const [client, { tokens, at }] of buckets) {
    if (tokens + ((now - at) * perMinute) / 60_000 >= perMinute) buckets.delete(client);
  }
  if (buckets.size > MOST_CLIENTS) buckets.clear();
}
