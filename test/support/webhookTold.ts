import type { Address } from "viem";
import { createWebhookCursors } from "../../src/indexer/webhookCursors.ts";
import { runWebhook } from "../../src/indexer/webhooks.ts";
import type { WebhookEvent } from "../../src/sdk/indexerApi.ts";
import { instantClock, type indexerUnderTest } from "./indexerUnderTest.ts";

/** What a receiver that takes everything is told now, until nothing is left to tell. */
export async function webhookTold(
  { queries, database }: Awaited<ReturnType<typeof indexerUnderTest>>,
  sale: Address,
): Promise<WebhookEvent[]> {
  const told: WebhookEvent[] = [];
  const stop = new AbortController();
  await runWebhook({
    ...{ webhook: { url: "http://127.0.0.1/x", secret: "x".repeat(32) }, sale, queries, pollMs: 1 },
    ...{ cursors: createWebhookCursors(database), active: () => true, signal: stop.signal },
    clock: {
      ...instantClock(),
      sleep() {
        stop.abort();
        return Promise.resolve();
      },
    },
    fetch(_, init) {
      told.push(...(JSON.parse(init?.body as string) as { events: WebhookEvent[] }).events);
      return Promise.resolve(new Response("ok"));
    },
  });
  return told;
}
