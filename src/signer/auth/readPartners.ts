import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { signerError } from "../../sdk/signerErrors.ts";
import { readFields, text } from "../http/fields.ts";

/** Who may order for buyers by signed requests: partner ids and their Ed25519 public keys, by key id. */
export type Partners = ReadonlyMap<string, { id: string; publicKey: KeyObject }>;

/** An id never begins as an address does, so that no partner is taken for a wallet. */
const partner = z.strictObject({
  id: text(/^[a-z][a-z0-9-]{1,62}$/, "a-z, 0-9 and -, a letter first"),
  keyId: text(/^[A-Za-z0-9._-]{1,64}$/, "letters, digits, . _ -").optional(),
  publicKey: text(/^[A-Za-z0-9+/]{43}=$/, "32 bytes in base64"),
});

/**
 * Reads PARTNERS_FILE: a JSON list of `{ id, publicKey, keyId? }`, the key 32 bytes in base64. A partner has several entries
 * while one key replaces another; `keyId` is `id` where left out. Throws `config-invalid`.
 */
export function readPartners(path: string): Partners {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw signerError("config-invalid", `PARTNERS_FILE: ${path} is not readable JSON`, { cause });
  }
  const read = readFields(z.array(partner), value);
  if ("problems" in read) throw signerError("config-invalid", "PARTNERS_FILE", { problems: read.problems });

  const partners = new Map<string, { id: string; publicKey: KeyObject }>();
  for (const { id, keyId = id, publicKey } of read.data) {
    if (partners.has(keyId))
      throw signerError("config-invalid", `PARTNERS_FILE: the key id ${keyId} is there twice`);
    const x = Buffer.from(publicKey, "base64").toString("base64url");
    partners.set(keyId, {
      id,
      publicKey: createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }),
    });
  }
  return partners;
}
