import { createServer, type RequestListener, type Server } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createIndexerClient, IndexerProblem } from "../../src/sdk/indexerClient.ts";
import { newOrderKey, placeOrder } from "../../src/sdk/placeOrder.ts";
import type { SlipwayError } from "../../src/sdk/problem.ts";
import type { RetryOptions } from "../../src/sdk/retrying.ts";
import { createSignerClient, SignerProblem } from "../../src/sdk/signerClient.ts";
import { indexerUnderTest } from "../support/indexerUnderTest.ts";
import { runFresh } from "../support/runFresh.ts";
import { serveIndexer } from "../support/serveIndexer.ts";
import { PAGE, startSignerLaunch, UNIT } from "../support/signerLaunch.ts";
import { startSigner } from "../support/signerUnderTest.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Clients as whoever builds on us uses them, against the real services. */
describe("clients of the SDK", () => {
  let launch: Awaited<ReturnType<typeof startSignerLaunch>>;
  let signer: Awaited<ReturnType<typeof startSigner>>;
  let indexer: Awaited<ReturnType<typeof indexerUnderTest>>;
  let api: Awaited<ReturnType<typeof serveIndexer>>;
  const servers: Server[] = [];
  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
    indexer = await indexerUnderTest({ urls: [launch.chain.url], records: [launch.record] });
    api = await serveIndexer(indexer, [launch.record]);
  });
  after(async () => {
    for (const server of servers) server.close();
    await api.close();
    await indexer.close();
    await signer.close();
    await launch.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((listening) => server.once("listening", listening));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  /** Waits at once, and tells how long it would have waited. */
  function patient(meanwhile: () => Promise<void> = () => Promise.resolve()): {
    retry: RetryOptions;
    waits: number[];
  } {
    const waits: number[] = [];
    const wait = (ms: number) => {
      waits.push(ms);
      return meanwhile();
    };
    return { retry: { wait }, waits };
  }

  /** The requests arrive, and as many answers to a path are lost on the way back. */
  function losing(path: string, answers: number): typeof fetch {
    let left = answers;
    return async (...args) => {
      const response = await fetch(...args);
      if (response.url.endsWith(path) && left-- > 0) throw new TypeError("the connection is gone");
      return response;
    };
  }

  async function signedIn(options: Partial<Parameters<typeof createSignerClient>[0]>) {
    const account = privateKeyToAccount(generatePrivateKey());
    await signer.decide(account.address);
    const session = await createSignerClient({ url: signer.url, ...options }).login({
      ...{ wallet: account.address, chainId: launch.record.chainId, origin: PAGE },
      signMessage: (message) => account.signMessage({ message }),
    });
    return { account, session };
  }

  describe("of the signer", () => {
    it("make keys of 128 random bits, no two alike", () => {
      const keys = Array.from({ length: 100 }, newOrderKey);
      expect(new Set(keys).size).to.equal(100);
      for (const key of keys) expect(key).to.match(/^[0-9a-f]{32}$/);
    });

    it("order once, however many answers are lost on the way", async () => {
      const { retry, waits } = patient();
      const { session } = await signedIn({});
      const unlucky = createSignerClient({ url: signer.url, retry, fetch: losing("/v1/orders", 3) }).resume(
        session.session,
      );
      const order = { key: newOrderKey(), nonce: 0n, cumulativeCap: 100n * UNIT };
      const answer = await placeOrder(unlucky, order);
      expect(answer.replayed).to.equal(true);
      expect(waits).to.have.length(3);
      for (const [tries, ms] of waits.entries()) expect(ms).to.be.within(500 * 2 ** tries, 625 * 2 ** tries);

      expect((await placeOrder(session, order)).bytes).to.equal(answer.bytes);
      const { json } = await signer.ask("GET", "/v1/orders", { token: session.session.token });
      expect(json["orders"]).to.have.length(1);
    });

    it("sign in from the beginning where the answer to a login was lost", async () => {
      const { retry } = patient();
      const { session } = await signedIn({ retry, fetch: losing("/v1/sessions", 2) });
      expect((await session.eligibility()).eligible).to.equal(true);
    });

    it("come back when they are told to, and not before", async () => {
      const { account, session } = await signedIn({});
      const { retry, waits } = patient(() => launch.invalidate(account.address, 1n));
      const waiting = createSignerClient({ url: signer.url, retry }).resume(session.session);
      // The signer sees nonce 0 on chain: it asks for two seconds, in which the chain moves on.
      const { order } = await placeOrder(waiting, { key: newOrderKey(), nonce: 1n, cumulativeCap: UNIT });
      expect(order.voucher.nonce).to.equal("1");
      expect(waits).to.have.length(1);
      expect(waits[0]).to.be.at.least(2_000);
    });

    it("get a new voucher for the same order where the first has run out", async () => {
      const { session } = await signedIn({});
      const order = { key: newOrderKey(), nonce: 0n, cumulativeCap: 100n * UNIT };
      const first = await placeOrder(session, order);
      await launch.chain.moveTo((await launch.chain.now()) + 700n);
      const second = await placeOrder(session, order);
      expect(second.order.orderId).to.equal(first.order.orderId);
      expect(Number(second.order.voucher.validUntil)).to.be.above(Number(first.order.voucher.validUntil));
    });

    it("ask once where only a person can act, and answer with code and facts", async () => {
      const { retry, waits } = patient();
      const { session } = await signedIn({ retry });
      await placeOrder(session, { key: newOrderKey(), nonce: 0n, cumulativeCap: 100n * UNIT });
      const refusal = await placeOrder(session, { key: newOrderKey(), nonce: 0n, cumulativeCap: UNIT }).catch(
        (error: unknown) => error,
      );
      expect(refusal).to.be.instanceOf(SignerProblem);
      const { code, details } = refusal as SignerProblem;
      expect([code, details.status]).to.deep.equal(["order-open", 409]);
      expect(details.order).to.match(/^0x[0-9a-f]{64}$/);
      expect(waits).to.deep.equal([]);
    });

    it("give up what does not answer in time, and after the attempts that they have", async () => {
      const { retry, waits } = patient();
      const silent = await serve(() => undefined);
      const client = createSignerClient({ url: silent, retry: { ...retry, attempts: 3, timeoutMs: 20 } });
      const failure = await client.launch().catch((error: unknown) => error);
      expect((failure as SlipwayError).code).to.equal("signer-unreachable");
      expect(waits).to.have.length(2);
    });
  });

  describe("of the indexer", () => {
    it("ask again past a gateway that fails, and read refusals", async () => {
      let failures = 2;
      const flaky = await serve((request, response) => {
        if (failures-- > 0) {
          response.writeHead(502, { "content-type": "text/html" }).end("<html>Bad gateway</html>");
          return;
        }
        void forward(request.url ?? "", response);
      });
      const { retry, waits } = patient();
      const client = createIndexerClient({ url: flaky, retry });
      expect((await client.sale(launch.record.sale)).sale).to.equal(launch.record.sale);
      expect(waits).to.have.length(2);

      const nobody = "0x00000000000000000000000000000000000000Aa";
      const refusal = await client.sale(nobody).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(IndexerProblem);
      expect([(refusal as IndexerProblem).code, (refusal as IndexerProblem).details.status]).to.deep.equal([
        "sale-unknown",
        404,
      ]);
      expect(waits).to.have.length(2);
    });
  });

  /** The copy is brought up to the chain before each answer, as a running indexer would have it. */
  async function forward(path: string, response: Parameters<RequestListener>[1]): Promise<void> {
    await indexer.catchUp();
    const answer = await fetch(`${api.url}${path}`);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(await answer.text());
  }

  it("let examples/bot buy, once however often it is run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-bot-"));
    const key = generatePrivateKey();
    const account = privateKeyToAccount(key);
    await signer.decide(account.address);
    await launch.fund(account, 1_000n * UNIT);
    writeFileSync(join(folder, "bot.key"), key, { mode: 0o600 });
    const indexerUrl = await serve((request, response) => void forward(request.url ?? "", response));
    const { chainId, sale, termsHash } = launch.record;
    const config = {
      ...{ chainId, sale, termsHash, indexerUrl, rpcUrl: launch.chain.url, signerUrl: signer.url },
      launch: { currencyDecimals: 6, currencySymbol: "USDC" },
    };
    const fake = await serve((_, response) => response.end(JSON.stringify({ ...config, termsHash: sale })));
    const page = await serve((_, response) => response.end(JSON.stringify(config)));

    const state = join(folder, "order.json");
    const buy = (url: string) =>
      runFresh(
        [
          ...["examples/bot/buy.ts", "--page", url, "--login-origin", PAGE],
          ...["--amount", "250", "--key-file", join(folder, "bot.key"), "--state", state],
        ],
        { cwd: root },
      );
    try {
      expect(await buy(fake)).to.have.property("code", 1);
      const first = await buy(page);
      expect(first.code, first.output).to.equal(0);
      expect(first.output).to.match(/^Bought for 250 USDC in 0x[0-9a-f]{64}: entry \d+$/m);
      const again = await buy(page);
      expect([again.code, again.output]).to.deep.equal([0, first.output]);

      const position = await createIndexerClient({ url: indexerUrl }).position(sale, account.address);
      expect([position?.paid, position?.nonce]).to.deep.equal([String(250n * UNIT), "1"]);
      expect(JSON.parse(readFileSync(state, "utf8"))).to.include({ nonce: "0", amount: String(250n * UNIT) });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
