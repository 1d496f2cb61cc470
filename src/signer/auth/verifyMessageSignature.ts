import { createHash, timingSafeEqual, verify, type KeyObject } from "node:crypto";
import { signerError } from "../../sdk/signerErrors.ts";

export type SignedRequest = {
  method: string;
  /** As the client addressed it: scheme, authority, path and query. */
  targetUri: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  raw: Buffer | undefined;
};

/** What a verified signature says; the caller stores the nonce, which must be new, until `expires`. */
export type VerifiedSignature = { keyId: string; nonce: Buffer; expires: number };

const TOLERANCE_SECONDS = 300;
const LONGEST_LIFE_SECONDS = 600;
const LEAST_NONCE_BYTES = 16;
const MOST_NONCE_BYTES = 64;

const input =
  /^([a-z*][a-z0-9_.*-]{0,63})=(\(((?:"[a-z0-9@-]+")(?: "[a-z0-9@-]+")*)\)((?:;[a-z]+=(?:"[\x20\x21\x23-\x5b\x5d-\x7e]*"|-?\d{1,15}))+))$/;

/**
 * Verifies an RFC 9421 signature: exactly one label, Ed25519 only, covering method, target URI, Idempotency-Key where there is
 * one, and the digest (RFC 9530) of the body as it was received. Narrower than the RFC on purpose: what is not needed is refused.
 * Throws `signature-invalid`, for an unknown key the same as for a wrong signature; `request-malformed` for a bad nonce.
 */
export function verifyMessageSignature(
  request: SignedRequest,
  { keyOf, now }: { keyOf: (keyId: string) => KeyObject | undefined; now: number },
): VerifiedSignature {
  const refuse = (detail: string) =>
    signerError("signature-invalid", detail, { serverTime: Math.floor(now) });

  const match = input.exec(single(request.headers["signature-input"]) ?? "");
  if (match === null) throw refuse("Signature-Input is not one label with quoted components and parameters");
  const [, name = "", parameters = "", list = "", rest = ""] = match;
  const signature = signatureOf(single(request.headers["signature"]), name);
  if (signature === undefined) throw refuse("Signature is not the same label with 64 bytes");

  const components = list.split(" ").map((part) => part.slice(1, -1));
  if (new Set(components).size !== components.length) throw refuse("a component is covered twice");
  const required = ["@method", "@target-uri"];
  if (request.method === "POST") required.push("content-digest");
  if (request.headers["idempotency-key"] !== undefined) required.push("idempotency-key");
  const missing = required.filter((component) => !components.includes(component));
  if (missing.length > 0) throw refuse(`not covered: ${missing.join(", ")}`);

  const values = parametersOf(rest);
  if (values === undefined) throw refuse("a parameter is unknown, missing or given twice");
  const { created, expires, nonce, keyid } = values;
  if (Math.abs(created - now) > TOLERANCE_SECONDS) throw refuse("created is more than 300 s from now");
  if (expires <= created || expires - created > LONGEST_LIFE_SECONDS)
    throw refuse("expires is not within 600 s after created");
  if (expires <= now) throw refuse("the signature has expired");

  if (
    request.method === "POST" &&
    !digestFits(single(request.headers["content-digest"]), request.raw ?? Buffer.alloc(0))
  ) {
    throw refuse("Content-Digest is not that of the body");
  }
  const base = signatureBase(request, components, parameters);
  const key = keyOf(keyid);
  if (base === undefined || key === undefined || !verify(null, Buffer.from(base), key, signature)) {
    throw refuse("no registered key made this signature");
  }

  const bytes = Buffer.from(nonce, "base64url");
  if (
    bytes.length < LEAST_NONCE_BYTES ||
    bytes.length > MOST_NONCE_BYTES ||
    bytes.toString("base64url") !== nonce
  ) {
    throw signerError("request-malformed", "nonce is not 16 to 64 bytes in base64url without padding");
  }
  return { keyId: keyid, nonce: bytes, expires };
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function signatureOf(header: string | undefined, name: string): Buffer | undefined {
  const match = /^([a-z*][a-z0-9_.*-]{0,63})=:([A-Za-z0-9+/]{86}==):$/.exec(header ?? "");
  if (match === null || match[1] !== name) return undefined;
  const bytes = Buffer.from(match[2] ?? "", "base64");
  return bytes.toString("base64") === match[2] ? bytes : undefined;
}

type Parameters = { created: number; expires: number; nonce: string; keyid: string };

function parametersOf(text: string): Parameters | undefined {
  const found = new Map<string, string | number>();
  for (const [, name = "", value = ""] of text.matchAll(/;([a-z]+)=("[^"]*"|-?\d+)/g)) {
    if (found.has(name)) return undefined;
    found.set(name, value.startsWith('"') ? value.slice(1, -1) : Number(value));
  }
  const { created, expires, nonce, keyid, alg = "ed25519", tag, ...unknown } = Object.fromEntries(found);
  if (Object.keys(unknown).length > 0 || alg !== "ed25519" || typeof tag === "number") return undefined;
  if (typeof created !== "number" || typeof expires !== "number" || created < 0) return undefined;
  if (typeof nonce !== "string" || typeof keyid !== "string") return undefined;
  return { created, expires, nonce, keyid };
}

function digestFits(header: string | undefined, body: Buffer): boolean {
  const match = /^(sha-256|sha-512)=:([A-Za-z0-9+/]+={0,2}):$/.exec(header ?? "");
  if (match === null) return false;
  const wanted = createHash(match[1] === "sha-256" ? "sha256" : "sha512")
    .update(body)
    .digest();
  const got = Buffer.from(match[2] ?? "", "base64");
  return got.length === wanted.length && got.toString("base64") === match[2] && timingSafeEqual(got, wanted);
}

function signatureBase(
  request: SignedRequest,
  components: readonly string[],
  parameters: string,
): string | undefined {
  const lines: string[] = [];
  for (const component of components) {
    const value = valueOf(request, component);
    if (value === undefined) return undefined;
    lines.push(`"${component}": ${value}`);
  }
  lines.push(`"@signature-params": ${parameters}`);
  return lines.join("\n");
}

function valueOf({ method, targetUri, headers }: SignedRequest, component: string): string | undefined {
  const uri = new URL(targetUri);
  switch (component) {
    case "@method":
      return method;
    case "@target-uri":
      return targetUri;
    case "@authority":
      return uri.host;
    case "@scheme":
      return uri.protocol.slice(0, -1);
    case "@path":
      return uri.pathname;
    case "@query":
      return uri.search === "" ? "?" : uri.search;
    default:
      return component.startsWith("@") ? undefined : single(headers[component])?.trim();
  }
}
