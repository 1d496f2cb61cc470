import {
  fastify,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { Readable } from "node:stream";
import type { Address, Hex } from "viem";
import type { Clock } from "../chain/clock.ts";
import { descriptionRoutes } from "../openapi/descriptionRoutes.ts";
import type { EventContract, SaleStats } from "../sdk/indexerApi.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { ServiceStatus } from "../sdk/serviceStatus.ts";
import { indexerApi } from "./api/indexerApi.ts";
import type { Changes } from "./changes.ts";
import { addDocumentRoutes } from "./documentRoutes.ts";
import type { Documents } from "./documents.ts";
import { addEtags } from "./etags.ts";
import { asCsv, asJson, exported } from "./exports.ts";
import { insidersOf } from "./insiders.ts";
import { readInput } from "./input.ts";
import { refuseUnknownParameters } from "./knownParameters.ts";
import { metricsOf } from "./metrics.ts";
import { answerProblem, answerProblems } from "./problems.ts";
import type { Queries } from "./queries.ts";
import { readiness } from "./readiness.ts";
import { limitRate } from "./limitRate.ts";
import type { Status } from "./status.ts";
import { createStreams, type StreamLimits } from "./streams.ts";
import { inTokens } from "./supply.ts";
import { trusted } from "./trusted.ts";

export type AppOptions = {
  queries: Queries;
  changes: Changes;
  documents: Documents;
  records: readonly LaunchRecord[];
  status: Status;
  clock: Clock;
  /** Origins whose pages may read; `*` for all. */
  corsOrigins: readonly string[];
  /** Requests of one address, zero for no limit. */
  requestsPerMinute?: number;
  /** Event streams open at once. */
  streams?: StreamLimits;
  /** Addresses and networks whose X-Forwarded-… headers count. */
  trustedProxies?: readonly string[];
  /** Where this API is to be found from outside; without it links in feeds are relative. */
  publicUrl?: string | undefined;
  logger?: FastifyBaseLogger;
};

export type SaleRequest = FastifyRequest<{
  Params: { sale: string; buyer?: string; sequence?: string };
  Querystring: Record<string, unknown>;
}>;

/** The read API; anybody may call it, nothing in it is private. */
export function createApp(options: AppOptions): FastifyInstance {
  const { queries, changes, documents, records, status, clock, corsOrigins } = options;
  const { requestsPerMinute = 0, trustedProxies = [] } = options;
  const app = fastify({
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    disableRequestLogging: true,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    // Event streams stay open until their client leaves or we stop.
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
  }) as unknown as FastifyInstance;
  answerProblems(app);
  addEtags(app);
  allowOrigins(app, corsOrigins);
  limitRate(app, requestsPerMinute, clock);
  refuseUnknownParameters(app);

  const addresses = records.map(({ sale }) => sale);
  const behind = () => status.behind;
  const streams = createStreams({ queries, changes, behind, clock, limits: options.streams });

  function saleOf(request: SaleRequest): Address {
    const input = readInput(request.params);
    const sale = input.address("sale");
    input.done();
    if (sale === undefined || !addresses.includes(sale))
      throw indexerError("sale-unknown", request.params.sale);
    return sale;
  }

  function recordOf(sale: Address): LaunchRecord {
    const record = records.find((each) => each.sale === sale);
    if (record === undefined) throw indexerError("sale-unknown", sale);
    return record;
  }

  async function statsOf(sale: Address): Promise<SaleStats> {
    const [stats] = await queries.sales([sale], status.behind);
    if (stats === undefined) throw indexerError("sale-unknown", sale);
    return stats;
  }

  /** What was read of one copy that may be read, before and after. */
  async function reading<T>(request: SaleRequest, read: (sale: Address) => Promise<T>): Promise<T> {
    const sale = saleOf(request);
    const copy = await trusted(queries, sale);
    const answer = await read(sale);
    await trusted(queries, sale, copy);
    return answer;
  }

  descriptionRoutes(app, indexerApi);

  app.get("/healthz", () => ({ ok: true }));

  app.get("/readyz", async (_, reply) => {
    const answer = await readiness({
      queries,
      addresses,
      status,
      clock,
      local: records[0]?.chainId === 31337,
    });
    return reply.code(answer.ready ? 200 : 503).send(answer);
  });

  app.get("/metrics", async (_, reply) => {
    const text = metricsOf(status, await queries.sales(addresses, status.behind), clock);
    return reply.type("text/plain; version=0.0.4").send(text);
  });

  app.get("/v1/status", async (): Promise<ServiceStatus> => {
    const [copied] = await queries.sales(addresses, status.behind);
    return {
      chainId: records[0]?.chainId ?? 0,
      sales: records.map(({ sale, termsHash, policyHash }) => ({ sale, termsHash, policyHash })),
      ...(copied === undefined ? {} : { head: { number: copied.head.number, time: copied.head.time } }),
      ...(copied?.lag === undefined ? {} : { lag: copied.lag }),
      ...{ clock: Math.floor(clock.now() / 1000), origins: [...corsOrigins] },
    };
  });

  app.get("/v1/sales", () => queries.sales(addresses, status.behind));

  app.get("/v1/sales/:sale", (request: SaleRequest) => statsOf(saleOf(request)));

  app.get("/v1/sales/:sale/entries", async (request: SaleRequest) => {
    const input = readInput(request.query);
    const query = {
      after: input.integer("after", 0, Number.MAX_SAFE_INTEGER, 0),
      limit: limitOf(input),
      buyer: input.address("buyer"),
      order: input.bytes32("order"),
      transaction: input.bytes32("transaction"),
    };
    input.done();
    return reading(request, (sale) => queries.entries(sale, given(query)));
  });

  app.get("/v1/sales/:sale/entries/:sequence/proof", async (request: SaleRequest) => {
    const input = readInput({ ...request.query, sequence: request.params.sequence });
    const sequence = input.integer("sequence", 1, Number.MAX_SAFE_INTEGER, 1);
    const limit = limitOf(input);
    input.done();
    const proof = await reading(request, (sale) => queries.proof(sale, sequence, limit));
    if (proof === undefined) throw indexerError("entry-unknown", String(sequence));
    return proof;
  });

  app.get("/v1/sales/:sale/insiders", (request: SaleRequest) =>
    reading(request, (sale) => insidersOf(queries, recordOf(sale))),
  );

  app.get("/v1/sales/:sale/supply", (request: SaleRequest) =>
    reading(request, (sale) => queries.supply(sale)),
  );
  for (const which of ["total", "circulating"] as const) {
    app.get(`/v1/sales/:sale/supply/${which}`, async (request: SaleRequest, reply) => {
      const supply = await reading(request, (sale) => queries.supply(sale));
      return reply.type("text/plain; charset=utf-8").send(inTokens(supply[which], supply.decimals));
    });
  }

  for (const what of exported) {
    app.get(`/v1/sales/:sale/${what}.csv`, async (request: SaleRequest, reply) => {
      const sale = saleOf(request);
      await trusted(queries, sale);
      return reply.type("text/csv; charset=utf-8").send(Readable.from(asCsv(queries, sale, what)));
    });
    app.get(`/v1/sales/:sale/${what}.json`, async (request: SaleRequest, reply) => {
      const sale = saleOf(request);
      await trusted(queries, sale);
      return reply.type("application/json; charset=utf-8").send(Readable.from(asJson(queries, sale, what)));
    });
  }

  app.get("/v1/sales/:sale/chart", async (request: SaleRequest) => {
    const input = readInput(request.query);
    const points = input.integer("points", 2, 500, 100);
    input.done();
    return reading(request, (sale) => queries.chart(sale, points));
  });

  app.get("/v1/sales/:sale/concentration", (request: SaleRequest) =>
    reading(request, (sale) => queries.concentration(sale)),
  );

  app.get("/v1/sales/:sale/positions", async (request: SaleRequest) => {
    const input = readInput(request.query);
    const after: Hex = input.address("after") ?? "0x";
    const limit = limitOf(input);
    input.done();
    return reading(request, (sale) => queries.positions(sale, { after, limit }));
  });

  app.get("/v1/sales/:sale/positions/:buyer", async (request: SaleRequest) => {
    const input = readInput(request.params);
    const buyer = input.address("buyer");
    input.done();
    const position = await reading(request, async (sale) =>
      buyer === undefined ? undefined : queries.position(sale, buyer),
    );
    if (position === undefined) throw indexerError("position-unknown", request.params.buyer ?? "");
    return position;
  });

  app.get("/v1/sales/:sale/log", async (request: SaleRequest) => {
    const input = readInput(request.query);
    const after = input.text("after", "{block}.{logIndex}", /^\d{1,15}\.\d{1,9}$/) ?? "-1.-1";
    const name = input.text("name", "the name of an event, such as Claimed", /^[A-Za-z]{1,40}$/);
    const contract = input.text("contract", contracts.join(", "), new RegExp(`^(${contracts.join("|")})$`));
    const limit = limitOf(input);
    input.done();
    const [block = -1, logIndex = -1] = after.split(".").map(Number);
    const query = {
      after: { block, logIndex },
      limit,
      name,
      contract: contract as EventContract | undefined,
    };
    return reading(request, (sale) => queries.events(sale, given(query)));
  });

  const { publicUrl: base = "" } = options;
  addDocumentRoutes(app, { documents, records, base, recordOf: (request) => recordOf(saleOf(request)) });

  app.get("/v1/sales/:sale/events", async (request: SaleRequest, reply: FastifyReply) => {
    const input = readInput({ ...request.query, "last-event-id": request.headers["last-event-id"] });
    const after = input.integer("after", 0, Number.MAX_SAFE_INTEGER, -1);
    const id = input.text("last-event-id", "{sequence}-{history}", /^\d{1,15}-0x[0-9a-f]{38}$/);
    input.done();
    const sale = saleOf(request);
    await trusted(queries, sale);
    const [sequence, history] = id?.split("-") ?? [];
    const from =
      sequence === undefined
        ? after < 0
          ? undefined
          : { sequence: after, history: undefined }
        : { sequence: Number(sequence), history: history as Hex | undefined };
    const headers = originHeaders(corsOrigins, request.headers.origin);
    await streams.serve({ request, reply, sale, from, headers });
  });

  return app;
}

const contracts = ["sale", "vesting", "venue", "registry"] satisfies EventContract[];

function limitOf(input: ReturnType<typeof readInput>): number {
  return input.integer("limit", 1, 1000, 100);
}

/** Without the fields that are undefined. */
function given<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function originHeaders(allowed: readonly string[], origin: string | undefined): Record<string, string> {
  // Without it a cache gives one origin's page what it keeps of another's, or of nobody's.
  const vary = { vary: "Origin" };
  const exposed = { "access-control-expose-headers": "ETag, Retry-After" };
  if (allowed.includes("*")) return { "access-control-allow-origin": "*", ...vary, ...exposed };
  if (origin === undefined || !allowed.includes(origin)) return vary;
  return { "access-control-allow-origin": origin, ...vary, ...exposed };
}

function allowOrigins(app: FastifyInstance, allowed: readonly string[]): void {
  app.addHook("onRequest", async (request, reply) => {
    const headers = originHeaders(allowed, request.headers.origin);
    void reply.headers(headers);
    if (request.method !== "OPTIONS") return;
    await reply
      .headers({
        "access-control-allow-methods": "GET",
        "access-control-allow-headers": "last-event-id, if-none-match",
      })
      .code(204)
      .send();
  });
}
