import { expect } from "chai";
import type { Clock } from "../../src/chain/clock.ts";
import { createHeadHints, type HeadHints } from "../../src/chain/headHints.ts";
import { startSocketServer } from "../support/socketServer.ts";

const POLL = 5_000;
const head = JSON.stringify({ method: "eth_subscription", params: { result: { number: "0xffffff" } } });

describe("hints of new heads", () => {
  let server: Awaited<ReturnType<typeof startSocketServer>>;
  let stop: AbortController;
  let hints: HeadHints;
  /** Pauses and waits that are on, by their length. */
  let held: { ms: number; pass: () => void }[];
  /** Short ones pass at once; the others when a test says so, or their signal. */
  const clock: Clock = {
    now: () => 0,
    deadline: () => new AbortController().signal,
    sleep: (ms, signal) =>
      new Promise((done) => {
        if (ms <= 50 || signal?.aborted === true) {
          setImmediate(done);
          return;
        }
        const pass = () => {
          held = held.filter((each) => each.pass !== pass);
          done();
        };
        held.push({ ms, pass });
        signal?.addEventListener("abort", pass);
      }),
  };
  const pass = (ms: number) => {
    for (const each of held.filter((one) => one.ms === ms)) each.pass();
  };
  /** Resolves when somebody waits for so long. */
  async function waits(ms: number): Promise<void> {
    while (!held.some((each) => each.ms === ms)) await new Promise((done) => setImmediate(done));
  }

  beforeEach(async () => {
    held = [];
    server = await startSocketServer();
    stop = new AbortController();
    hints = createHeadHints({ urls: [server.url], clock, signal: stop.signal });
  });
  afterEach(async () => {
    stop.abort();
    await server.close();
  });

  it("end a pause, and the next one where they came too early", async () => {
    const node = await server.next();
    const pause = hints.pause(POLL);
    await waits(POLL - 50);
    node.send(head);
    await pause;

    node.send(head);
    await node.taken();
    await hints.pause(POLL);
    expect(held.map(({ ms }) => ms)).to.deep.equal([60_000]);
  });

  it("make one pause short, however many there are", async () => {
    const node = await server.next();
    for (let count = 0; count < 1000; count++) node.send(head);
    await node.taken();
    await hints.pause(POLL);
    const pause = hints.pause(POLL);
    await waits(POLL - 50);
    pass(POLL - 50);
    await pause;
  });

  it("are only heads: of all else a node says nothing is taken for one", async () => {
    const node = await server.next();
    const pause = hints.pause(POLL);
    await waits(POLL - 50);
    for (const said of ["", "{", '{"id":1,"error":{"code":-32601}}', "<html>", "null"]) node.send(said);
    await node.taken();
    expect(held.map(({ ms }) => ms).sort()).to.deep.equal([POLL - 50, 60_000]);
    pass(POLL - 50);
    await pause;
  });

  it("come again after a socket has died, each time later while none tells anything", async () => {
    (await server.next()).die();
    await waits(2_000);
    const pause = hints.pause(POLL);
    await waits(POLL - 50);
    pass(POLL - 50);
    await pause;

    pass(2_000);
    (await server.next()).die();
    await waits(4_000);
    pass(4_000);
    const node = await server.next();
    node.send(head);
    await node.taken();
    await hints.pause(POLL);
    node.die();
    await waits(1_000);
  });

  it("are asked for anew where nothing was said for a minute", async () => {
    const node = await server.next();
    await waits(60_000);
    node.send("something");
    await node.taken();
    pass(60_000);
    await waits(60_000);
    pass(60_000);
    await waits(2_000);
    pass(2_000);
    await server.next();
  });
});
