import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Call = { id: number; method: string; params: readonly unknown[] };

/** What a proxy makes of a node's result, now or later; undefined leaves it as it is. */
export type Lie = (call: Call, result: unknown) => unknown;

/** A node that answers as another one does, but for what `lie` changes. */
export async function startRpcProxy(
  target: string,
  lie: Lie = () => undefined,
): Promise<{ url: string; lie: Lie; close: () => Promise<void> }> {
  const proxy = { url: "", lie, close };
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = Buffer.concat(parts).toString();
      const answer = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const asked = JSON.parse(body) as Call | Call[];
      const said = (await answer.json()) as object | object[];
      const changed = await Promise.all(
        [asked].flat().map(async (call) => {
          const own = [said].flat().find((one) => (one as Call).id === call.id) as { result?: unknown };
          const other = await proxy.lie(call, own.result);
          return other === undefined ? own : { jsonrpc: "2.0", id: call.id, result: other };
        }),
      );
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(Array.isArray(asked) ? changed : changed[0]));
    })();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  proxy.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return proxy;

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}
