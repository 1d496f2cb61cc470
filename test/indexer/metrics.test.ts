import { expect } from "chai";
import { readFileSync } from "node:fs";
import { getAddress } from "viem";
import { metricsOf } from "../../src/indexer/metrics.ts";
import { createStatus } from "../../src/indexer/status.ts";
import { receiverOf } from "../../src/indexer/webhooks.ts";
import type { SaleStats } from "../../src/sdk/indexerApi.ts";
import { instantClock } from "../support/indexerUnderTest.ts";

const sale = getAddress(`0x${"5a".repeat(20)}`);
const block = { number: 1, hash: `0x${"00".repeat(32)}`, time: 1 } as const;

describe("indexer: metrics", () => {
  /** Everything that one may know is known. */
  function read(urls: string[]): string {
    const stats = {
      ...{ sale, status: "live", entries: 1, head: block, finalised: block, lag: { blocks: 0, seconds: 0 } },
      finality: { blocks: 0, seconds: 0, proved: 1, stalled: false, deadlineInSeconds: 1 },
    } as SaleStats;
    const status = createStatus();
    status.head = { number: 1, time: 1, seenAt: 0 };
    for (const [failures, url] of urls.entries()) {
      const receiver = receiverOf(url);
      status.webhooks.set(`${receiver} ${sale}`, { receiver, sale, failures });
    }
    return metricsOf(status, [stats], instantClock());
  }

  it("are what the alert rules in the documentation ask for", () => {
    const page = readFileSync(new URL("../../docs/indexer.md", import.meta.url), "utf8");
    const rules = [...page.matchAll(/^ +expr: (.*)$/gm)].map(([, rule = ""]) => rule);
    const asked = rules.flatMap((rule) => rule.match(/slipway_indexer_\w+/g) ?? []);
    expect([rules.length > 5, asked.length >= rules.length]).to.deep.equal([true, true]);
    const told = new Set(read(["https://a.example"]).match(/^slipway_indexer_\w+/gm));
    expect(asked.filter((name) => !told.has(name))).to.deep.equal([]);
  });

  it("count each subscription by itself, and tell nothing of its URL but the host", () => {
    const text = read(["https://a.example/hook/SECRET1", "https://a.example/hook/SECRET2"]);
    const lines = text.match(/^slipway_indexer_webhook_failures\{.*$/gm) ?? [];
    expect(lines.map((line) => line.replace(/-[0-9a-f]{8}"/, '"'))).to.deep.equal(
      [0, 1].map(
        (failures) =>
          `slipway_indexer_webhook_failures{receiver="a.example",sale="${sale}"} ${String(failures)}`,
      ),
    );
    expect(text).not.to.contain("SECRET");
  });
});
