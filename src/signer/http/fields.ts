import { getAddress, type Address, type Hex } from "viem";
import { z } from "zod";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Problem } from "../../sdk/problem.ts";

const MOST = 2n ** 256n - 1n;

/** All lower case, all upper case, or with the right EIP-55 checksum; answers the checksummed form. */
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "0x and 40 hex digits")
  .refine((text) => {
    const digits = text.slice(2);
    return (
      digits === digits.toLowerCase() ||
      digits === digits.toUpperCase() ||
      text === getAddress(text.toLowerCase())
    );
  }, "an address whose checksum is right")
  .transform((text): Address => getAddress(text.toLowerCase()));

/** A decimal string without sign, blanks or leading zeros, below 2^256. */
export const uint = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, "a whole number in decimal digits, as a string")
  .transform(BigInt)
  .refine((value) => value <= MOST, "less than 2^256");

export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, "0x and 64 hex digits in lower case")
  .transform((text) => text as Hex);

/** Printable ASCII, 1 to 128. */
export const label = z.string().regex(/^[\x21-\x7e]{1,128}$/, "1 to 128 visible ASCII characters");

/** ISO 8601 in UTC, to the second or the millisecond. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/, "a time as 2026-01-31T12:00:00Z")
  .refine(
    (text) =>
      !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().slice(0, 19) === text.slice(0, 19),
    {
      message: "a time that exists",
    },
  )
  .transform((text) => new Date(text));

/** Throws `request-malformed` for what is no object or has unknown members, `field-invalid` for values; all at once. */
export function parseFields<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error, value);
  throw signerError(problems[0]?.code === "request-malformed" ? "request-malformed" : "field-invalid", "", {
    problems,
  });
}

/** What was wrong, malformed first. What was got is cut short, as it may be anything. */
export function problemsOf(error: z.ZodError, value: unknown): Problem[] {
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
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
