import { z } from "zod";
import { signerErrors, type SignerErrorCode } from "../../sdk/signerErrors.ts";
import { problemAnswer } from "./answers.ts";
import { operations, type Credential, type Operation } from "./operations.ts";

type Json = Record<string, unknown>;

const schemes: Record<Credential, Json> = {
  session: { type: "http", scheme: "bearer", description: "The token of POST /v1/sessions." },
  signature: {
    ...{ type: "apiKey", in: "header", name: "Signature" },
    description:
      "RFC 9421 with Ed25519: one label over @method, @target-uri, content-digest (POST) and idempotency-key (where sent), with created, expires, nonce and keyid.",
  },
  exportKey: { type: "http", scheme: "bearer", description: "A key of EXPORT_KEY_FILE." },
  operatorKey: {
    type: "http",
    scheme: "bearer",
    description: "A key of POST /v1/admin/keys, or of the command line.",
  },
  webhookSignature: {
    ...{ type: "apiKey", in: "header", name: "Slipway-Signature" },
    description: "t=<seconds>,v1=<hex of HMAC-SHA256 over `<t>.<raw body>`>.",
  },
};

/** Of any request. */
const always: readonly SignerErrorCode[] = [
  "request-malformed",
  "https-required",
  "rate-limited",
  "internal",
];
const withBody: readonly SignerErrorCode[] = ["field-invalid", "body-too-large", "media-type-unsupported"];

/** The API as OpenAPI 3.1, made of the shapes that check the requests. */
export function describeApi(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations)
    (paths[operation.path] ??= {})[operation.method] = describeOperation(operation);
  return {
    openapi: "3.1.0",
    info: {
      ...{ title: "Slipway signer", version: "1", license: { name: "MIT", identifier: "MIT" } },
      description:
        "Turns a KYC decision into a voucher with which one wallet may pay one sale up to a cap. Amounts are decimal strings of currency base units, times seconds since 1970. Every error is application/problem+json with a stable `code`.",
    },
    servers: [{ url: "/" }],
    paths,
    components: { securitySchemes: schemes, schemas: { Problem: schemaOf(problemAnswer, "output") } },
  };
}

function describeOperation(operation: Operation): Json {
  const { method, path, summary, by, query, body, idempotent, status, answer } = operation;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      ...{ name, in: "path", required: true, schema: { type: "string" } },
    })),
    ...(query === undefined ? [] : queryParameters(query)),
    ...(idempotent === undefined
      ? []
      : [
          {
            ...{ name: "Idempotency-Key", in: "header", required: true },
            schema: { type: "string", minLength: 16, maxLength: 255 },
            description: "128 random bits or more, without quotes, commas and backslashes.",
          },
        ]),
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
        content: { "application/json": { schema: schemaOf(answer, "output") } },
      },
      ...refusals(operation),
    },
  };
}

/** By status, with the codes that come with it and what each means. */
function refusals({ errors, body, query, path }: Operation): Json {
  const codes = new Set([
    ...always,
    ...errors,
    ...(body === undefined && query === undefined ? [] : withBody.slice(0, 1)),
    ...(body === undefined ? [] : withBody),
    ...(path.startsWith("/v1") ? (["database-unreachable"] as const) : []),
  ]);
  const byStatus = new Map<number, SignerErrorCode[]>();
  for (const code of codes) {
    const { status } = signerErrors[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `\`${code}\`: ${signerErrors[code].title}.`).join(" "),
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
