import { z } from "zod";
import type { Api, Operation } from "../../openapi/describeApi.ts";
import { indexerErrors, type IndexerErrorCode } from "../../sdk/indexerErrors.ts";
import * as answers from "./answers.ts";

const limit = z.int().min(1).max(1000).default(100);
const entriesQuery = z.strictObject({
  after: z.int().min(0).default(0).meta({ description: "sequence of the last entry that was seen" }),
  limit,
  ...{ buyer: z.string().optional(), order: z.string().optional(), transaction: z.string().optional() },
});
const positionsQuery = z.strictObject({ after: z.string().optional(), limit });
const logQuery = z.strictObject({
  after: z.string().optional().meta({ description: "{block}.{logIndex}" }),
  limit,
  contract: z.enum(["sale", "vesting", "venue", "registry"]).optional(),
  name: z.string().optional(),
});

function get(
  path: string,
  summary: string,
  answer: z.ZodType,
  more: Partial<Operation> & { errors?: readonly IndexerErrorCode[] } = {},
): Operation {
  return { ...{ method: "get", path, summary, answer, by: [], status: 200, errors: [] }, ...more };
}

const ofSale = "/v1/sales/{sale}";
const rows = { entries: "the history", positions: "what each buyer has", log: "every other event" };

/** Every path of the API; a test finds each in the service. */
export const operations: readonly Operation[] = [
  get("/v1/sales", "All sales, and how far each copy is", z.array(answers.saleAnswer)),
  get(ofSale, "One sale", answers.saleAnswer),
  get(`${ofSale}/entries`, "The history in order", answers.entriesAnswer, { query: entriesQuery }),
  get(`${ofSale}/entries/{sequence}/proof`, "An entry and what follows it, to replay", answers.proofAnswer, {
    ...{ query: z.strictObject({ limit }), errors: ["entry-unknown"] },
  }),
  get(`${ofSale}/positions`, "What each buyer has, has vested and can claim", answers.positionsAnswer, {
    query: positionsQuery,
  }),
  get(`${ofSale}/positions/{buyer}`, "The same of one buyer", answers.positionAnswer, {
    errors: ["position-unknown"],
  }),
  get(`${ofSale}/log`, "Every other event of the launch", answers.logAnswer, { query: logQuery }),
  ...(["entries", "positions", "log"] as const).flatMap((name) => [
    get(`${ofSale}/${name}.json`, `All at once: ${rows[name]}`, answers.whole[name]),
    get(`${ofSale}/${name}.csv`, `All at once: ${rows[name]}`, answers.text("a header, then a line each"), {
      mediaType: "text/csv",
    }),
  ]),
  get(
    `${ofSale}/events`,
    "Entries and stats as they come; resumes by Last-Event-ID",
    answers.text("stream"),
    {
      ...{ mediaType: "text/event-stream", query: z.strictObject({ after: z.int().min(0).optional() }) },
      errors: ["too-many-streams", "streams-full"],
    },
  ),
  get(`${ofSale}/chart`, "The history in steps of equal time", answers.chartAnswer, {
    query: z.strictObject({ points: z.int().min(2).max(500).default(100) }),
  }),
  get(`${ofSale}/concentration`, "Money of all buyers, and of the largest", answers.concentrationAnswer),
  get(`${ofSale}/insiders`, "What the addresses of the launch file bought", answers.insidersAnswer),
  get(`${ofSale}/supply`, "Where the token is", answers.supplyAnswer, { errors: ["supply-unknown"] }),
  ...["total", "circulating"].map((name) =>
    get(`${ofSale}/supply/${name}`, `The ${name} supply`, answers.text("whole tokens"), {
      ...{ mediaType: "text/plain", errors: ["supply-unknown"] },
    }),
  ),
  get(
    `${ofSale}/documents`,
    "What issuer, reviewers and platform signed",
    answers.other("docs/documents.md"),
  ),
  get(`${ofSale}/updates.rss`, "The issuer's updates", answers.text("RSS 2.0"), {
    ...{ mediaType: "application/rss+xml", query: z.strictObject({ language: z.string().default("en") }) },
  }),
  get("/v1/criteria", "The platform's criteria", answers.other("docs/documents.md"), {
    errors: ["document-unknown"],
  }),
  get("/v1/status", "What `launch doctor` compares", answers.other("src/sdk/serviceStatus.ts")),
  get("/healthz", "The process lives", z.strictObject({ ok: z.literal(true) })),
  get("/readyz", "Each check, and whether all pass; 503 with the same body else", answers.readinessAnswer),
  get("/metrics", "For Prometheus", answers.text("gauges"), { mediaType: "text/plain" }),
];

export const indexerApi: Api = {
  title: "Slipway indexer",
  description:
    "A copy of launches that is checked against the chain, for anybody to read. Amounts are decimal strings of base units, times seconds since 1970. Every error is application/problem+json with a stable `code`.",
  operations,
  credentials: {},
  catalogue: indexerErrors,
  problem: answers.problemAnswer,
  always: ({ path }): readonly IndexerErrorCode[] => [
    ...(["internal"] as const),
    ...(path.startsWith("/v1") ? (["input-invalid", "rate-limited", "database-unreachable"] as const) : []),
    ...(path.startsWith(ofSale) ? (["sale-unknown"] as const) : []),
    ...(path.startsWith(`${ofSale}/`) ? (["sale-quarantined", "anchor-broken", "copy-behind"] as const) : []),
  ],
};
