import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/** Linux hands out those from 32768 on to whoever asks for any, a browser's connections included. */
const [LEAST, MOST] = [20_000, 32_000];

/** `count` ports in a row that nobody holds at the moment, for what must know its own address before it starts. */
export async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    const base = randomInt(LEAST, MOST);
    const servers = await Promise.all(
      Array.from({ length: count }, (_, i) => listen(base + i).catch(() => undefined)),
    );
    await Promise.all(servers.map(close));
    if (!servers.includes(undefined)) return servers.map((_, i) => base + i);
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => done(server));
  });
}

async function close(server: Server | undefined): Promise<void> {
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
}
