import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { OrderExport } from "../../sdk/signerApi.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { parseFields, text } from "../http/fields.ts";
import { describeOrders } from "../orders/describeOrders.ts";
import type { SignerContext } from "../orders/SignerContext.ts";
import type { Secrets } from "../secrets/createSecrets.ts";
import { pageOfOrders } from "../store/orders.ts";

const PAGE = 200;
export const pageQuery = z.strictObject({
  after: text(/^[0-9]{1,18}$/, "the `next` of the page before")
    .transform(BigInt)
    .default(0n),
  limit: text(/^([1-9][0-9]?|1[0-9]{2}|200)$/, "1 to 200")
    .transform(Number)
    .default(PAGE),
});

/** All orders, page by page, for whoever reconciles them with the chain. */
export function exportRoutes(
  app: FastifyInstance,
  context: SignerContext,
  secrets: Pick<Secrets, "list">,
): void {
  app.get("/v1/export/orders", async (request): Promise<OrderExport> => {
    const given = hashOf(
      /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.authorization ?? "")?.[1] ?? "",
    );
    let known = false;
    for (const key of secrets.list("EXPORT_KEY")) known = timingSafeEqual(hashOf(key), given) || known;
    if (!known) throw signerError("export-key-invalid");

    const { after, limit } = parseFields(pageQuery, request.query);
    // One more than asked for tells whether there is another page.
    const stored = await pageOfOrders(context.pool, context.record, after, limit + 1);
    const page = stored.slice(0, limit);
    const orders = (await describeOrders(context, page)).map(
      ({ orderId, buyer, nonce, cumulativeCap, status, createdAt, filled }) => ({
        ...{ orderId, buyer, nonce, cumulativeCap, status, createdAt },
        ...(filled === undefined ? {} : { filled }),
      }),
    );
    return { orders, next: stored.length > limit ? String(page.at(-1)?.seq) : null };
  });
}

function hashOf(key: string | Buffer): Buffer {
  return createHash("sha256").update(key).digest();
}
