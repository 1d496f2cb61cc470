import { signerError } from "../../sdk/signerErrors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Members with these names would reach into prototypes of whoever copies the object. */
const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/** One JSON value in strict UTF-8. Throws `request-malformed`, or `field-invalid` for NUL, which no database text holds. */
export function parseBody(raw: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(raw));
  } catch (cause) {
    throw signerError("request-malformed", "no JSON in UTF-8", { cause });
  }
  inspect(value);
  return value;
}

function inspect(value: unknown): void {
  if (typeof value === "string") inspectText(value);
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    if (forbidden.has(key)) throw signerError("request-malformed", `a member named ${key}`);
    inspectText(key);
    inspect((value as Record<string, unknown>)[key]);
  }
}

function inspectText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw signerError("request-malformed", "a lone surrogate");
  if (text.includes("\0")) throw signerError("field-invalid", "a NUL character");
}
