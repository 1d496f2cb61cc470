import { createServer, type Server } from "node:net";

/** `count` ports in a row that nobody holds at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    const first = await listen(0);
    const base = portOf(first);
    const rest = await Promise.all(
      Array.from({ length: count - 1 }, (_, i) => listen(base + 1 + i).catch(() => undefined)),
    );
    const servers = [first, ...rest];
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

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
