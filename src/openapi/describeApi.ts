import { z } from "zod";

type Json = Record<string, unknown>;

/** One path of an API and what it answers. */
export type Operation = {
  method: "get" | "post";
  path: string;
  summary: string;
  /** Names of `Api.credentials`; empty: anybody. */
  by: readonly string[];
  query?: z.ZodType;
  body?: z.ZodType;
  /** Takes an Idempotency-Key. */
  idempotent?: true;
  status: 200 | 201;
  answer: z.ZodType;
  /** Of the answer, where it is no JSON. */
  mediaType?: string;
  /** Besides those that any request may get. */
  errors: readonly string[];
};

/** An API as it is told to programs and to people. */
export type Api = {
  title: string;
  description: string;
  operations: readonly Operation[];
  credentials: Readonly<Record<string, { scheme: Json; who: string }>>;
  catalogue: Readonly<Record<string, { status: number; title: string; wayOut: string }>>;
  /** Codes that a request may get by what it is. */
  always: (operation: Operation) => readonly string[];
  problem: z.ZodType;
};

export const idempotencyKey = {
  ...{ name: "Idempotency-Key", in: "header", required: true },
  schema: { type: "string", minLength: 16, maxLength: 255 },
  description: "128 random bits or more, without quotes, commas and backslashes.",
} as const;

/** The API as OpenAPI 3.1, made of the shapes that check the requests. */
export function describeApi(api: Api): Json {
  const paths: Record<string, Json> = {};
  for (const operation of api.operations)
    (paths[operation.path] ??= {})[operation.method] = describeOperation(api, operation);
  return {
    openapi: "3.1.0",
    info: {
      ...{ title: api.title, version: "1", license: { name: "MIT", identifier: "MIT" } },
      description: api.description,
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: Object.fromEntries(
        Object.entries(api.credentials).map(([name, { scheme }]) => [name, scheme]),
      ),
      schemas: { Problem: schemaOf(api.problem, "output") },
    },
  };
}

function describeOperation(api: Api, operation: Operation): Json {
  const { mediaType = "application/json" } = operation;
  const { method, path, summary, by, query, body, idempotent, status, answer } = operation;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      ...{ name, in: "path", required: true, schema: { type: "string" } },
    })),
    ...(query === undefined ? [] : queryParameters(query)),
    ...(idempotent === undefined ? [] : [idempotencyKey]),
  ];
  return {
    operationId:
      `${method}${path.replace(/[^a-zA-Z]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`.replace(
        /\W/g,
        "",
      ),
    summary,
    ...(by.length === 0 ? { security: [] } : { security: by.map((name) => ({ [name]: [] })) }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(body, "input") } },
          },
        }),
    responses: {
      [String(status)]: {
        description: summary,
        content: { [mediaType]: { schema: schemaOf(answer, "output") } },
      },
      ...refusals(api, operation),
    },
  };
}

/** By status, with the codes that come with it and what each means. */
function refusals({ always, catalogue }: Api, operation: Operation): Json {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set([...always(operation), ...operation.errors])) {
    const status = catalogue[code]?.status ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `\`${code}\`: ${catalogue[code]?.title ?? ""}.`).join(" "),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

function queryParameters(query: z.ZodType): Json[] {
  const { properties = {}, required = [] } = schemaOf(query, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: "query", required: required.includes(name), schema },
  }));
}

/** JSON Schema in OpenAPI's own dialect, so without naming one. */
export function schemaOf(shape: z.ZodType, io: "input" | "output"): Json {
  const schema: Json = { ...z.toJSONSchema(shape, { io, unrepresentable: "any" }) };
  delete schema["$schema"];
  return schema;
}
