import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** One websocket (RFC 6455), as its server sees it; messages are short. */
export type ServedSocket = {
  send: (text: string) => void;
  /** Resolves when all that was sent has been taken. */
  taken: () => Promise<void>;
  die: () => void;
};

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const [TEXT, PING, PONG] = [1, 9, 10];

/** A server of websockets that says what a test wants. */
export async function startSocketServer() {
  const open = new Set<Duplex>();
  const subscribed: ServedSocket[] = [];
  let waiting: ((socket: ServedSocket) => void)[] = [];

  const server = createServer();
  server.on("upgrade", (request, socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    const key = createHash("sha1")
      .update(`${String(request.headers["sec-websocket-key"])}${MAGIC}`)
      .digest("base64");
    const headers = `upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${key}`;
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n\r\n`);

    const pongs: (() => void)[] = [];
    const write = (opcode: number, text: string) => {
      const payload = Buffer.from(text);
      const length =
        payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
      socket.write(Buffer.concat([Buffer.from([0x80 | opcode, ...length]), payload]));
    };
    const served: ServedSocket = {
      send: (text) => {
        write(TEXT, text);
      },
      taken: () =>
        new Promise((done) => {
          pongs.push(done);
          write(PING, "");
        }),
      die: () => socket.destroy(),
    };
    socket.on("data", (data: Buffer) => {
      if (((data[0] ?? 0) & 15) === PONG) pongs.shift()?.();
      // All that a listener ever says is that it subscribes.
      if (((data[0] ?? 0) & 15) !== TEXT) return;
      const [next, ...others] = waiting;
      waiting = others;
      if (next === undefined) subscribed.push(served);
      else next(served);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));

  return {
    url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    /** The next that has subscribed. */
    next: (): Promise<ServedSocket> =>
      new Promise((done) => {
        const known = subscribed.shift();
        if (known === undefined) waiting.push(done);
        else done(known);
      }),
    close(): Promise<unknown> {
      for (const socket of open) socket.destroy();
      return new Promise((done) => server.close(done));
    },
  };
}
