// The crowd, as a program of its own: node --import tsx bench/signer/load.ts '{"url":…,"from":0,"count":20000,…}'
// Each request is of another person, and is made ready before the clock starts. Prints what it measured as JSON.
import { createPrivateKey, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { signRequest } from "../../test/support/signedRequest.ts";
import { personOf } from "./people.ts";

export type LoadSetting = {
  url: string;
  sale: string;
  from: number;
  count: number;
  warmUp: number;
  connections: number;
  /** Who is told that the service is busy asks again, with the same key. */
  patient?: boolean;
  /** PEM of the partner's key; without it each buyer comes with a session. */
  partnerKey?: string;
};
export type Measured = { perSecond: number; p50Ms: number; p99Ms: number };

const PATIENCE_MS = 100;

const setting = JSON.parse(process.argv[2] ?? "{}") as LoadSetting;
const { hostname, port, host } = new URL(setting.url);
const privateKey = setting.partnerKey === undefined ? undefined : createPrivateKey(setting.partnerKey);

const requests = Array.from({ length: setting.warmUp + setting.count }, (_, index) =>
  requestOf(setting.from + index),
);
await send(requests.slice(0, setting.warmUp));
const started = performance.now();
const times = await send(requests.slice(setting.warmUp));
const seconds = (performance.now() - started) / 1000;
times.sort((a, b) => a - b);
const measured: Measured = {
  perSecond: Math.round(times.length / seconds),
  p50Ms: percentile(0.5),
  p99Ms: percentile(0.99),
};
console.log(JSON.stringify(measured));

function requestOf(number: number): Buffer {
  const { wallet, token } = personOf(number);
  const idempotencyKey = randomBytes(16).toString("hex");
  const body = JSON.stringify({ sale: setting.sale, buyer: wallet, nonce: "0", cumulativeCap: "1000000" });
  const headers: Record<string, string> =
    privateKey === undefined
      ? {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "idempotency-key": idempotencyKey,
        }
      : signRequest({
          ...{ target: `${setting.url}/v1/orders`, body, idempotencyKey, privateKey, keyid: "exchange" },
          now: Math.floor(Date.now() / 1000),
        });
  const lines = Object.entries({ host, ...headers, "content-length": String(body.length) });
  return Buffer.from(
    `POST /v1/orders HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n${body}`,
  );
}

/** Over so many connections, each with one request at a time; the milliseconds each took. */
async function send(all: readonly Buffer[]): Promise<number[]> {
  const spent: number[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: setting.connections }, () => worker()));
  return spent;

  function worker(): Promise<void> {
    return new Promise((done, fail) => {
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      let [begun, received] = [0, ""];
      let request: Buffer = Buffer.alloc(0);
      const go = (): void => {
        const following = all[next++];
        if (following === undefined) {
          socket.end();
          done();
          return;
        }
        request = following;
        begun = performance.now();
        socket.write(request);
      };
      socket.on("connect", go);
      socket.on("error", fail);
      socket.on("data", (data: Buffer) => {
        received += data.toString("latin1");
        const end = received.indexOf("\r\n\r\n");
        if (end === -1) return;
        const length = Number(/content-length: (\d+)/i.exec(received)?.[1]);
        if (received.length < end + 4 + length) return;
        if (setting.patient === true && received.startsWith("HTTP/1.1 503")) {
          received = "";
          setTimeout(() => socket.write(request), PATIENCE_MS);
          return;
        }
        if (!received.startsWith("HTTP/1.1 201")) {
          fail(new Error(received));
          socket.destroy();
          return;
        }
        spent.push(performance.now() - begun);
        received = "";
        go();
      });
    });
  }
}

function percentile(share: number): number {
  return Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1));
}
