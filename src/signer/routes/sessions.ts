import type { FastifyInstance } from "fastify";
import type { Hex } from "viem";
import { z } from "zod";
import type { Sessions } from "../auth/createSessions.ts";
import { verifyLogin } from "../auth/verifyLogin.ts";
import { parseFields, text } from "../http/fields.ts";
import type { SignerContext } from "../orders/SignerContext.ts";

export const loginBody = z.strictObject({
  message: text(/^[^]{1,4000}$/, "a message of at most 4000 characters"),
  signature: text(/^0x([0-9a-fA-F]{2}){65,4000}$/, "0x and 65 to 4000 bytes in hex").transform(
    (digits) => digits as Hex,
  ),
});

/** Sign-in with Ethereum (EIP-4361). */
export function sessionRoutes(
  app: FastifyInstance,
  { record, chain, now }: SignerContext,
  { sessions, domains }: { sessions: Sessions; domains: readonly string[] },
): void {
  app.post("/v1/sessions/nonce", async (_request, reply) => {
    return reply.code(201).send({ nonce: await sessions.newNonce(await now()) });
  });

  app.post("/v1/sessions", async (request, reply) => {
    const { message, signature } = parseFields(loginBody, request.body);
    const time = await now();
    const verified = await verifyLogin({
      message,
      signature,
      domains,
      chainId: record.chainId,
      hasNonce: (nonce) => sessions.hasNonce(nonce, time),
      signedByContract: chain.signedByContract,
      now: time,
    });
    return reply.code(201).send(await sessions.open({ ...verified, now: time }));
  });
}
