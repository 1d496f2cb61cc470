import { createHash, randomBytes, sign, type KeyObject } from "node:crypto";

export const COMPONENTS = ["@method", "@target-uri", "content-digest", "idempotency-key"];

/** A partner's request as RFC 9421 has it signed, by hand, so that each part can be wrong. */
export type SignedRequest = {
  /** Scheme, authority, path and query, as the partner addresses it. */
  target: string;
  method?: string;
  body: string;
  idempotencyKey?: string | undefined;
  privateKey: KeyObject;
  keyid: string;
  /** Seconds. */
  now: number;
  components?: readonly string[] | undefined;
  created?: number | string | undefined;
  expires?: number | undefined;
  nonce?: string | undefined;
  /** More parameters, as `;alg="ed25519"`. */
  extra?: string | undefined;
};

/** The headers to send it with. */
export function signRequest(request: SignedRequest): Record<string, string> {
  const { target, method = "POST", body, idempotencyKey, privateKey, keyid, now } = request;
  const { components = COMPONENTS, created = now, expires = now + 300, extra = "" } = request;
  const nonce = request.nonce ?? randomBytes(16).toString("base64url");
  const digest = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
  const values: Record<string, string | undefined> = {
    ...{ "@method": method, "@target-uri": target, "@path": new URL(target).pathname },
    ...{ "content-digest": digest, "idempotency-key": idempotencyKey },
  };
  const list = `(${components.map((name) => `"${name}"`).join(" ")})`;
  const parameters = `${list};created=${String(created)};expires=${String(expires)};nonce="${nonce}";keyid="${keyid}"${extra}`;
  const base = [
    ...components.map((name) => `"${name}": ${values[name] ?? ""}`),
    `"@signature-params": ${parameters}`,
  ].join("\n");
  const signature = sign(null, Buffer.from(base), privateKey).toString("base64");
  return {
    ...(method === "POST" ? { "content-type": "application/json", "content-digest": digest } : {}),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    ...{ "signature-input": `sig1=${parameters}`, signature: `sig1=:${signature}:` },
  };
}

/** As PARTNERS_FILE has it. */
export function rawKey(key: KeyObject): string {
  return Buffer.from(String(key.export({ format: "jwk" }).x), "base64url").toString("base64");
}
