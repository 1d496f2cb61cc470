import type { PoolClient } from "pg";
import type { Address, Hex } from "viem";
import { orderIdOf } from "../../sdk/orderId.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Principal } from "../auth/Principal.ts";
import { readExposure } from "./exposure.ts";
import {
  findById,
  findByKey,
  findOpen,
  insertOrder,
  insertVoucher,
  type StoredOrder,
} from "../store/orders.ts";
import {
  admit,
  Changed,
  checkCap,
  checkWindows,
  fromBlockOf,
  issueLocked,
  windowOf,
  type Issued,
  type Outlook,
} from "./issue.ts";
import type { SignerContext } from "./SignerContext.ts";

export type PlacedOrder = {
  principal: Principal;
  key: string;
  buyer: Address;
  nonce: bigint;
  cumulativeCap: bigint;
  supersedes: Hex | undefined;
};

/** Makes the order, or finds it where this key has made it before: then `replayed`, and the same voucher. */
export async function placeOrder(context: SignerContext, wanted: PlacedOrder): Promise<Issued> {
  const { record, pool } = context;
  const { principal, key } = wanted;
  const first = await context.firstOrders(wanted);
  if (first !== undefined) return first;
  return issueLocked(context, wanted.buyer, {
    before: async (outlook) => {
      const known = await findByKey(pool, record, principal.id, key);
      return known === undefined ? undefined : replay(context, known, wanted, outlook);
    },
    work: async (client, outlook) => {
      if ((await findByKey(client, record, principal.id, key)) !== undefined) throw new Changed();
      return create(context, client, wanted, outlook);
    },
  });
}

async function create(
  context: SignerContext,
  client: PoolClient,
  wanted: PlacedOrder,
  outlook: Outlook,
): Promise<Issued> {
  const { record } = context;
  const { buyer, nonce, cumulativeCap, principal, key } = wanted;
  const { person, tier } = admit(context, outlook.person, buyer, outlook.now);
  checkWindows(context, tier, outlook.snapshot);
  await checkNonce(context, client, wanted, outlook);

  const open = await findOpen(client, record, buyer, nonce);
  const isOwn = open === undefined || maySee(principal, open);
  if (open?.orderId !== wanted.supersedes || !isOwn) throw orderOpen(open, principal);
  const { snapshot } = outlook;
  const exposure = await readExposure(client, { record, wallets: person.wallets, snapshot });
  checkCap(context, { cap: cumulativeCap, buyer, tier, exposure, outlook });

  const orderId = orderIdOf({ chainId: record.chainId, sale: record.sale, principal: principal.id, key });
  const fromBlock = fromBlockOf(record, snapshot);
  await insertOrder(client, record, {
    ...{
      orderId,
      principal: principal.id,
      key,
      buyer,
      nonce,
      cumulativeCap,
      supersedes: wanted.supersedes,
      fromBlock,
    },
  });
  await insertVoucher(client, orderId, { number: 1, ...windowOf(context, tier, outlook) });
  const order = await findById(client, record, orderId);
  if (order === undefined) throw signerError("internal");
  return { order, replayed: false };
}

/** What a key gives that made an order before: the same bytes while they are of use, else the reason. */
async function replay(
  context: SignerContext,
  known: StoredOrder,
  wanted: PlacedOrder,
  outlook: Outlook,
): Promise<Issued> {
  const same =
    known.buyer === wanted.buyer &&
    known.nonce === wanted.nonce &&
    known.cumulativeCap === wanted.cumulativeCap &&
    known.supersedes === wanted.supersedes;
  if (!same) throw signerError("idempotency-mismatch", "", { order: known.orderId });

  await checkUsable(context, known, outlook);
  if (known.voucher.validUntil <= outlook.snapshot.time && !(await isRedeemed(context, known, outlook))) {
    throw signerError("voucher-expired", "", {
      order: known.orderId,
      link: `/v1/orders/${known.orderId}/renew`,
    });
  }
  return { order: known, replayed: true };
}

/** Throws where the order can never be redeemed any more, and was not. */
export async function checkUsable(
  context: SignerContext,
  order: StoredOrder,
  outlook: Outlook,
): Promise<void> {
  if (await isRedeemed(context, order, outlook)) return;
  const { orderId, supersededBy } = order;
  if (supersededBy !== undefined) {
    throw signerError("order-superseded", "", { order: supersededBy, link: `/v1/orders/${supersededBy}` });
  }
  if (order.revoked) throw signerError("order-revoked", "", { order: orderId });
  const nonce = headNonce(outlook, order.buyer);
  if (order.nonce < nonce) {
    throw signerError("order-invalidated", "", { order: orderId, expectedNonce: nonce });
  }
}

/** The order's own purchase is on chain: its voucher cannot buy again, so showing it does no harm. */
export async function isRedeemed(
  { chain }: SignerContext,
  order: StoredOrder,
  outlook: Outlook,
): Promise<boolean> {
  if (order.nonce >= headNonce(outlook, order.buyer)) return false;
  return (await chain.purchases([order.orderId], order.fromBlock)).has(order.orderId);
}

export function headNonce({ snapshot }: Outlook, buyer: Address): bigint {
  return snapshot.head.get(buyer)?.nonce ?? 0n;
}

async function checkNonce(
  { record }: SignerContext,
  client: PoolClient,
  wanted: PlacedOrder,
  outlook: Outlook,
) {
  const { buyer, nonce, principal } = wanted;
  const expectedNonce = headNonce(outlook, buyer);
  const serverTime = Math.floor(outlook.now);
  if (nonce > expectedNonce) {
    throw signerError("nonce-ahead", `got ${nonce}, wanted ${expectedNonce}`, {
      expectedNonce,
      serverTime,
      retryAfter: 2,
    });
  }
  if (nonce === expectedNonce) return;
  const used = await findOpen(client, record, buyer, nonce);
  const named =
    used !== undefined && maySee(principal, used)
      ? { order: used.orderId, link: `/v1/orders/${used.orderId}` }
      : {};
  throw signerError("nonce-used", `got ${nonce}, wanted ${expectedNonce}`, {
    expectedNonce,
    serverTime,
    ...named,
  });
}

/** A principal sees its own orders; a wallet also those that others made for it. */
export function maySee(principal: Principal, order: StoredOrder): boolean {
  return order.principal === principal.id || (principal.kind === "buyer" && order.buyer === principal.wallet);
}

function orderOpen(open: StoredOrder | undefined, principal: Principal) {
  if (open === undefined) return signerError("supersedes-unknown");
  if (!maySee(principal, open)) return signerError("order-open");
  return signerError("order-open", "", { order: open.orderId, link: `/v1/orders/${open.orderId}` });
}
