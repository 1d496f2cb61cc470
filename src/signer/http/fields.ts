import { getAddress, type Address, type Hex } from "viem";
import { z } from "zod";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Problem } from "../../sdk/problem.ts";

const MOST = 2n ** 256n - 1n;

/** All lower case, all upper case, or with the right EIP-55 checksum; answers the checksummed form. */
export const address = text(/^0x[0-9a-fA-F]{40}$/, "0x and 40 hex digits")
  .refine((given) => {
    const digits = given.slice(2);
    return (
      digits === digits.toLowerCase() ||
      digits === digits.toUpperCase() ||
      given === getAddress(given.toLowerCase())
    );
  }, "an address whose checksum is right")
  .transform((given): Address => getAddress(given.toLowerCase()));

/** A decimal string without sign, blanks or leading zeros, below 2^256. */
export const uint = text(/^(0|[1-9][0-9]{0,77})$/, "a whole number in decimal digits, as a string")
  .transform(BigInt)
  .refine((value) => value <= MOST, "less than 2^256");

export const hash = text(/^0x[0-9a-f]{64}$/, "0x and 64 hex digits in lower case").transform(
  (digits) => digits as Hex,
);

/** Printable ASCII, 1 to 128. */
export const label = text(/^[\x21-\x7e]{1,128}$/, "1 to 128 visible ASCII characters");

/** ISO 8601 in UTC, to the second or the millisecond. */
export const instant = text(
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/,
  "a time as 2026-01-31T12:00:00Z",
)
  .refine(
    (time) =>
      !Number.isNaN(Date.parse(time)) && new Date(time).toISOString().slice(0, 19) === time.slice(0, 19),
    "a time that exists",
  )
  .transform((time) => new Date(time));

/** A string of this form, told to the sender in these words whatever else came. */
export function text(form: RegExp, wanted: string) {
  return z.string(wanted).regex(form, { error: wanted, abort: true });
}

/** Throws `request-malformed` for what is no object or has unknown members, `field-invalid` for values; all at once. */
export function parseFields<T>(shape: z.ZodType<T>, value: unknown): T {
  const read = readFields(shape, value);
  if ("data" in read) return read.data;
  const { problems } = read;
  throw signerError(problems[0].code === "request-malformed" ? "request-malformed" : "field-invalid", "", {
    problems,
  });
}

/** The value, or all that is wrong with it, malformed first. */
export function readFields<T>(
  shape: z.ZodType<T>,
  value: unknown,
): { data: T } | { problems: [Problem, ...Problem[]] } {
  const parsed = shape.safeParse(value, { error: inOurWords });
  if (parsed.success) return { data: parsed.data };
  return { problems: problemsOf(parsed.error, value) as [Problem, ...Problem[]] };
}

const kinds: Record<string, string> = { object: "one JSON object", array: "a list", string: "a string" };

/** For what a shape has no words of its own: the library's would be for its programmers. */
function inOurWords(issue: { code?: string; expected?: unknown }): string {
  return (issue.code === "invalid_type" && kinds[String(issue.expected)]) || "what docs/signer.md says";
}

/** What was got is cut short, as it may be anything. */
function problemsOf(error: z.ZodError, value: unknown): Problem[] {
  const problems = error.issues.flatMap((issue): Problem[] => {
    const malformed = issue.code === "unrecognized_keys" || issue.path.length === 0;
    const code = malformed ? "request-malformed" : "field-invalid";
    const names =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    const wanted = issue.code === "unrecognized_keys" ? "no such member" : issue.message;
    return names.map((path) => ({
      ...{ code, wanted, wayOut: malformed ? "Leave it out." : "Correct it." },
      field: path.map(String).join(".").slice(0, 100) || "(body)",
      got: short(path.reduce<unknown>(member, value)),
    }));
  });
  return problems.sort(
    (a, b) => Number(b.code === "request-malformed") - Number(a.code === "request-malformed"),
  );
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

function short(value: unknown): string {
  if (value === undefined) return "nothing";
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
