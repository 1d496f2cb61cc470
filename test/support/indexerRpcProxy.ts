import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type ProxiedCall = { id: number; method: string; params: unknown[] };
export type ProxiedAnswer = { jsonrpc: "2.0"; id: number; result?: unknown; error?: object };

/** A node that lies, in front of one that does not. */
export type RpcProxy = {
  url: string;
  /** HTTP requests so far. */
  requests: number;
  /** Makes of an honest answer what is sent; `turn` counts HTTP requests from 1. Undefined: all is honest. */
  change: ((call: ProxiedCall, answer: ProxiedAnswer, turn: number) => ProxiedAnswer) | undefined;
  /** What is sent in place of any answer, or undefined to answer. */
  fail: ((turn: number) => { status: number; body: string } | undefined) | undefined;
  close: () => Promise<void>;
};

export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const turn = ++proxy.requests;
      const body = await textOf(request);
      const failure = proxy.fail?.(turn);
      if (failure !== undefined) {
        response.writeHead(failure.status).end(failure.body);
        return;
      }
      const honest = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const { change = (_: ProxiedCall, answer: ProxiedAnswer) => answer } = proxy;
      const calls = listOf<ProxiedCall>(JSON.parse(body));
      const answers = listOf<ProxiedAnswer>(await honest.json()).map((answer) => {
        const call = calls.find(({ id }) => id === answer.id);
        return call === undefined ? answer : change(call, answer, turn);
      });
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(body.startsWith("[") ? answers : answers[0]));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${String(port)}`,
    requests: 0,
    change: undefined,
    fail: undefined,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
  return proxy;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function listOf<T>(value: unknown): T[] {
  return (Array.isArray(value) ? value : [value]) as T[];
}
