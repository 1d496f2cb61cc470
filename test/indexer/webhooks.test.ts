import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { getAddress, pad, toHex } from "viem";
import { runWebhook, type WebhookOptions } from "../../src/indexer/webhooks.ts";
import { NOTHING_TOLD, type WebhookCursor } from "../../src/indexer/webhookCursors.ts";
import type { EntryJson, SaleEventJson } from "../../src/sdk/indexerApi.ts";

const sale = getAddress(`0x${"5a".repeat(20)}`);
const secret = "a secret of a test, obviously fake";
type Told = { body: string; signature: string };

describe("indexer: webhooks", () => {
  let told: Told[] = [];
  let behave: ((response: ServerResponse) => void)[] = [];
  let cursor: WebhookCursor;
  let waits: number[] = [];
  let stop: AbortController;
  let finalTo = 100;
  const server = createServer((request, response) => {
    void (async () => {
      told.push({ body: await textOf(request), signature: String(request.headers["slipway-signature"]) });
      (behave.shift() ?? ((one) => one.end("ok")))(response);
    })();
  });
  before((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  beforeEach(() => {
    [told, behave, waits, stop, finalTo] = [[], [], [], new AbortController(), 100];
    cursor = NOTHING_TOLD;
  });

  const sound = { stop: undefined, behind: false, reached: true, copy: "1.0" };
  const hashOf = (number: number) => pad(toHex(number));
  const block = (number: number) => ({ number, hash: hashOf(number), time: 0 }) as const;
  const entries = [1, 2, 3].map(
    (sequence) => ({ sequence, history: toHex(sequence), block: block(10 * sequence) }) as EntryJson,
  );
  const others = [5, 25].map(
    (number) => ({ block: block(number), logIndex: 1, name: "Claimed" }) as SaleEventJson,
  );
  const final = <Row extends { block: { number: number } }>(rows: Row[]) =>
    rows.map((row) => ({ ...row, finalised: row.block.number <= finalTo }));

  /** Until nothing is left to tell. */
  async function run(more: Partial<WebhookOptions> = {}): Promise<void> {
    const { port } = server.address() as AddressInfo;
    await runWebhook({
      ...{
        webhook: { url: `http://127.0.0.1:${String(port)}/hook`, secret },
        sale,
        pollMs: 7,
        random: () => 0,
      },
      queries: {
        copyOf: () => Promise.resolve(sound),
        entries: (_, { after }) =>
          Promise.resolve({ entries: final(entries).filter(({ sequence }) => sequence > after), next: null }),
        events: (_, { after }) =>
          Promise.resolve({
            events: final(others).filter((one) => one.block.number > after.block),
            next: null,
          }),
      },
      cursors: {
        load: () => Promise.resolve(cursor),
        save: (_, __, moved) => {
          cursor = moved;
          return Promise.resolve();
        },
      },
      clock: {
        now: () => 1_700_000_000_000,
        deadline: () => new AbortController().signal,
        sleep(ms) {
          waits.push(ms);
          if (ms === 7) stop.abort();
          return Promise.resolve();
        },
      },
      active: () => true,
      signal: stop.signal,
      ...more,
    });
  }
  const idsOf = ({ body }: Told) =>
    (JSON.parse(body) as { events: { id: string }[] }).events.map(({ id }) => id);
  const [first, second, third] = [1, 2, 3].map((sequence) => `${sale}-${sequence}-${toHex(sequence)}`);
  const [early, late] = [5, 25].map((number) => `${sale}-${hashOf(number)}-1`);
  const all = [early, first, second, late, third];

  it("tell what is final, once, in order, signed", async () => {
    finalTo = 25;
    await run();
    expect(told.map(idsOf)).to.deep.equal([all.slice(0, 4)]);
    const hmac = createHmac("sha256", secret)
      .update(`1700000000.${told[0]?.body ?? ""}`)
      .digest("hex");
    expect(told[0]?.signature).to.equal(`t=1700000000,v1=${hmac}`);

    [finalTo, stop] = [100, new AbortController()];
    await run();
    expect(told.slice(1).map(idsOf)).to.deep.equal([all.slice(4)]);
  });

  it("are told again under the same ids, later and later, to a receiver that behaves badly", async () => {
    behave = [
      (response) => response.writeHead(500).end("x".repeat(100_000)),
      (response) => response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere" }).end(),
      (response) => response.destroy(),
      (response) => response.writeHead(410).end(),
    ];
    const outcomes: (string | undefined)[] = [];
    await run({ onOutcome: (_, why) => outcomes.push(why) });
    expect(outcomes).to.deep.equal(["HTTP 500", "HTTP 302", "no answer", "HTTP 410", undefined]);
    expect(told.map(idsOf)).to.deep.equal([all, all, all, all, all]);
    expect(waits).to.deep.equal([500, 1000, 2000, 4000, 7]);
  });

  it("are given up on for now where no answer comes in time", async () => {
    behave = [() => undefined];
    let asked = 0;
    const late = () => (asked++ === 0 ? AbortSignal.timeout(20) : new AbortController().signal);
    const clock = { now: () => 0, deadline: late, sleep: () => Promise.resolve() };
    const outcomes: number[] = [];
    await run({
      clock,
      onOutcome(failures) {
        outcomes.push(failures);
        if (failures === 0) stop.abort();
      },
    });
    expect(outcomes).to.deep.equal([1, 0]);
    expect(told.map(idsOf)).to.deep.equal([all, all]);
  });

  it("are told again where we end between answer and cursor", async () => {
    const save = () => {
      stop.abort();
      return Promise.reject(new Error("killed"));
    };
    await run({ cursors: { load: () => Promise.resolve(cursor), save } });
    stop = new AbortController();
    await run();
    expect(told.map(idsOf)).to.deep.equal([all, all]);
  });

  it("say nothing of a copy that is not trusted, nor from a process that stands by", async () => {
    const mismatch = { code: "history-mismatch", reason: "", wayOut: "" } as const;
    const none = () => Promise.reject(new Error("read"));
    for (const doubt of [{ stop: mismatch }, { behind: true }]) {
      const copyOf = () => Promise.resolve({ ...sound, ...doubt });
      await run({ queries: { copyOf, entries: none, events: none } });
      stop = new AbortController();
    }
    await run({ active: () => false });
    expect(told).to.deep.equal([]);
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}
