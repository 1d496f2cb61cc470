import type { FastifyRequest } from "fastify";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Nonces } from "./createNonces.ts";
import { buyerPrincipal, type Principal } from "./Principal.ts";
import type { RevokedKeys } from "./createRevokedKeys.ts";
import type { Partners } from "./readPartners.ts";
import type { Sessions } from "./createSessions.ts";
import { verifyMessageSignature } from "./verifyMessageSignature.ts";

/** Who makes this request: a session's wallet, or the partner that signed it, whose request nonce is then consumed. */
export type Authenticate = (
  request: FastifyRequest & { rawBody?: Buffer; principal?: Principal },
  now: number,
) => Promise<Principal>;

/** Clocks of replicas and the request's own may differ by this much, so a nonce is kept so much longer. */
const RETENTION_SECONDS = 600;

export function createAuthenticate({
  sessions,
  nonces,
  partners,
  publicUrl,
  isRevoked,
}: {
  sessions: Sessions;
  nonces: Nonces;
  partners: Partners;
  /** Scheme and authority that clients address, asked at each request: a port may be known only after listening. */
  publicUrl: () => string;
  isRevoked: RevokedKeys["includes"];
}): Authenticate {
  return async (request, now) => {
    const { authorization } = request.headers;
    const signed =
      request.headers["signature-input"] !== undefined || request.headers["signature"] !== undefined;
    if (authorization !== undefined && signed)
      throw signerError("request-malformed", "both a session and a signature");
    if (authorization !== undefined) {
      const token = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(authorization)?.[1];
      if (token === undefined) throw signerError("session-invalid");
      return buyerPrincipal(await sessions.buyerOf(token, now));
    }
    if (!signed) throw signerError("session-required");

    const { method, headers, url } = request;
    const { keyId, nonce, expires } = verifyMessageSignature(
      { method, headers, targetUri: `${publicUrl()}${url}`, raw: request.rawBody },
      { keyOf: (id) => partners.get(id)?.publicKey, now },
    );
    if (await isRevoked(keyId)) throw signerError("signature-invalid", "the key is revoked");
    const principal: Principal = { kind: "partner", id: partners.get(keyId)?.id ?? "", keyId };
    // Known from here on, also where the request is refused.
    request.principal = principal;
    // Only now: a stranger cannot use up a partner's nonces.
    const fresh = await nonces({
      partner: principal.id,
      nonce,
      until: Math.max(now, expires) + RETENTION_SECONDS,
    });
    if (!fresh) throw signerError("request-replayed");
    return principal;
  };
}
