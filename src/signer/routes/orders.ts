import type { FastifyInstance, FastifyReply } from "fastify";
import { isAddressEqual, type Address, type Hex } from "viem";
import { z } from "zod";
import type { Order } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Principal } from "../auth/Principal.ts";
import { address, hash, parseFields, uint } from "../http/fields.ts";
import { readEligibility } from "../orders/readEligibility.ts";
import type { Issued } from "../orders/issue.ts";
import { orderBody as bodyOf } from "../orders/orderBody.ts";
import { maySee, placeOrder } from "../orders/placeOrder.ts";
import { describeOrders } from "../orders/describeOrders.ts";
import { renewOrder } from "../orders/renewOrder.ts";
import type { SignerContext } from "../orders/SignerContext.ts";
import { findById, listOrders } from "../store/orders.ts";

export const orderBody = z.strictObject({
  sale: address,
  buyer: address,
  nonce: uint,
  cumulativeCap: uint.refine((value) => value > 0n, "more than 0"),
  supersedes: hash.optional(),
});

export const walletQuery = z.strictObject({ wallet: address.optional() });

/** Eligibility, orders and vouchers, for whoever `authenticated` put in the request. */
export function orderRoutes(app: FastifyInstance, context: SignerContext): void {
  app.get("/v1/eligibility", async (request, reply) => {
    const principal = principalOf(request);
    const query = parseFields(walletQuery, request.query);
    return reply.send(await readEligibility(context, principal, buyerOf(principal, query.wallet)));
  });

  app.post("/v1/orders", async (request, reply) => {
    const principal = principalOf(request);
    const key = keyOf(request.headers["idempotency-key"]);
    const { sale, buyer, nonce, cumulativeCap, supersedes } = parseFields(orderBody, request.body);
    if (!isAddressEqual(sale, context.record.sale)) throw signerError("sale-unknown");
    checkBuyer(context, principal, buyer);
    const issued = await placeOrder(context, { principal, key, buyer, nonce, cumulativeCap, supersedes });
    return answer(reply, context, principal, issued);
  });

  app.post("/v1/orders/:orderId/renew", async (request, reply) => {
    if (request.body !== undefined) parseFields(z.strictObject({}), request.body);
    const { "idempotency-key": key } = request.headers;
    // Taken silently, it would promise what a renewal does without it.
    if (key !== undefined) throw fieldInvalid("Idempotency-Key", "one", "none: a renewal may be repeated");
    const principal = principalOf(request);
    return answer(reply, context, principal, await renewOrder(context, principal, orderIdOf(request.params)));
  });

  app.get("/v1/orders/:orderId", async (request): Promise<Order> => {
    const found = await findById(context.pool, context.record, orderIdOf(request.params));
    if (found === undefined || !maySee(principalOf(request), found)) throw signerError("order-unknown");
    const [described] = await describeOrders(context, [found]);
    if (described === undefined) throw signerError("internal");
    return described;
  });

  app.get("/v1/orders", async (request): Promise<{ orders: Order[] }> => {
    const principal = principalOf(request);
    const by =
      principal.kind === "buyer"
        ? { principal: principal.id, buyer: principal.wallet }
        : { principal: principal.id };
    return { orders: await describeOrders(context, await listOrders(context.pool, context.record, by)) };
  });
}

/** Signed after the commit, from what is stored. */
async function answer(
  reply: FastifyReply,
  context: SignerContext,
  principal: Principal,
  { order: stored, replayed }: Issued,
): Promise<FastifyReply> {
  // Also of what waited in a batch while its key was revoked.
  if (principal.kind === "partner" && (await context.revokedKeys.includes(principal.keyId)))
    throw signerError("signature-invalid", "the key is revoked");
  const body = await bodyOf(context, stored);
  if (replayed) void reply.header("idempotency-replayed", "true");
  return reply.code(201).type("application/json; charset=utf-8").send(body);
}

function principalOf(request: { principal?: Principal }): Principal {
  if (request.principal === undefined) throw signerError("session-required");
  return request.principal;
}

function orderIdOf(params: unknown): Hex {
  const parsed = hash.safeParse((params as { orderId?: unknown }).orderId);
  if (!parsed.success) throw signerError("order-unknown");
  return parsed.data;
}

/** Quotes and backslashes would make one key of two spellings, a comma comes from a header sent twice. */
function keyOf(header: string | string[] | undefined): string {
  if (typeof header !== "string" || !/^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{16,255}$/.test(header))
    throw signerError("key-invalid");
  return header;
}

function buyerOf(principal: Principal, wallet: Address | undefined): Address {
  if (principal.kind === "buyer") {
    if (wallet !== undefined && wallet !== principal.wallet) throw signerError("buyer-foreign");
    return principal.wallet;
  }
  if (wallet !== undefined) return wallet;
  throw fieldInvalid("wallet", "nothing", "the buyer's address");
}

function checkBuyer({ record, key }: SignerContext, principal: Principal, buyer: Address): void {
  if (principal.kind === "buyer" && buyer !== principal.wallet) throw signerError("buyer-foreign");
  const nobody = [
    key.address,
    record.sale,
    record.token,
    record.currency,
    record.venue,
    record.vesting,
    record.registry,
  ];
  const burned = "0x000000000000000000000000000000000000dEaD";
  // Up to 0xffff live the zero address, precompiles and system contracts of the chains.
  const reserved = BigInt(buyer) <= 0xffffn;
  if (reserved || buyer === burned || nobody.some((one) => isAddressEqual(one, buyer))) {
    throw fieldInvalid("buyer", buyer, "a wallet that can buy");
  }
}

function fieldInvalid(field: string, got: string, wanted: string) {
  const problem = { code: "field-invalid", field, got, wanted, wayOut: "Correct it." };
  return signerError("field-invalid", "", { problems: [problem] });
}
