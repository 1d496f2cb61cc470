import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Network } from "../../src/signer/secrets/SecretSource.ts";

/** How a store over the network behaves, at its worst as vendors document it. */
export type Behaviour =
  | "well"
  | "throttling"
  | "throttling-twice"
  | "denying"
  | "hanging"
  | "cutting"
  | "failing"
  | "garbled"
  | "misshapen";

type Reply = { status: number; body: unknown };
type Answers = {
  /** What it says where it behaves well, or to a question it refuses. */
  well: (request: IncomingMessage, body: string) => Reply;
  throttled: Reply;
  denied: Reply;
  misshapen: Reply;
};

/** Without a clock: who asks a store that hangs is told at once that it took too long. */
export type FakeStore = {
  network: Network;
  /** Between attempts, milliseconds. */
  waited: readonly number[];
  url: string;
  asked: () => number;
  behave: (behaviour: Behaviour) => void;
  close: () => void;
};

/** A loopback fake of a vendor's API. */
export async function startFakeStore({ well, throttled, denied, misshapen }: Answers): Promise<FakeStore> {
  let behaviour: Behaviour = "well";
  let asked = 0;
  let asking = new AbortController();
  const waited: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked += 1;
      answer(request, response, Buffer.concat(chunks).toString());
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const say = ({ status, body: said }: Reply): void => {
      const text = typeof said === "string" ? said : JSON.stringify(said);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(text);
    };
    if (behaviour === "hanging") {
      asking.abort();
      return;
    }
    if (behaviour === "cutting") request.socket.destroy();
    else if (behaviour === "garbled") say({ status: 200, body: "<html>It works!" });
    else if (behaviour === "failing") say({ status: 500, body: "<html>oops" });
    else if (behaviour === "denying") say(denied);
    else if (behaviour === "misshapen") say(misshapen);
    else if (behaviour === "throttling" || (behaviour === "throttling-twice" && asked <= 2)) say(throttled);
    else say(well(request, body));
  }

  return {
    waited,
    network: {
      deadline: () => (asking = new AbortController()).signal,
      wait: async (ms) => void waited.push(ms),
    },
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked: () => asked,
    behave: (next) => {
      behaviour = next;
      asked = 0;
      waited.length = 0;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** AWS's SDKs take endpoint, region and credentials from the environment; answers what puts it back. */
export function pointAwsAt(service: "KMS" | "SECRETS_MANAGER", url: string): () => void {
  const settings = {
    [`AWS_ENDPOINT_URL_${service}`]: url,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "FAKEKEYID",
    AWS_SECRET_ACCESS_KEY: "fake-and-for-loopback-alone",
  };
  const before = Object.fromEntries(Object.keys(settings).map((name) => [name, process.env[name]]));
  Object.assign(process.env, settings);
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
