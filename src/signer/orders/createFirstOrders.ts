import { SignerError } from "../../sdk/signerErrors.ts";
import { createBatcher } from "../createBatcher.ts";
import type { FirstOrder, FirstOrderStore, Newcomer } from "../store/firstOrders.ts";
import { exposureOf } from "./exposure.ts";
import { fastOrderId } from "./fastHashes.ts";
import {
  admit,
  checkCap,
  checkWindows,
  fromBlockOf,
  walletsOf,
  windowOf,
  type Issued,
  type Outlook,
} from "./issue.ts";
import type { PlacedOrder } from "./placeOrder.ts";
import type { SignerContext } from "./SignerContext.ts";

type Context = Omit<SignerContext, "firstOrders" | "pool" | "revokedKeys" | "limits">;

/**
 * The crowd's way: first orders of many people decided and committed together. Answers undefined where this is no plain first
 * order, or anything at all speaks against it: then `placeOrder` goes the careful way, which gives the reason.
 */
export type FirstOrders = (wanted: PlacedOrder) => Promise<Issued | undefined>;

export function createFirstOrders(context: Context, store: FirstOrderStore): FirstOrders {
  const place = createBatcher({ run: (batch: PlacedOrder[]) => placeAll(context, store, batch), atOnce: 2 });
  return async (wanted) => (wanted.supersedes === undefined ? place(wanted) : undefined);
}

async function placeAll(
  context: Context,
  store: FirstOrderStore,
  batch: readonly PlacedOrder[],
): Promise<(Issued | undefined)[]> {
  const { chain } = context;
  const buyers = batch.map(({ buyer }) => buyer);
  const [now, people] = await Promise.all([context.now(), store.read(buyers)]);
  const admitted = people.map((newcomer, index) =>
    unlessRefused(() => newcomer && { newcomer, ...admit(context, newcomer, buyers[index]!, now) }),
  );
  const wallets = admitted.flatMap((one, index) =>
    one === undefined ? [] : walletsOf(one.person, buyers[index]!),
  );
  if (wallets.length === 0) return batch.map(() => undefined);
  const standing = await context.readiness.require();
  const outlook = { now, standing, snapshot: await chain.snapshot(wallets) };

  const orders = batch.map((wanted, index) =>
    unlessRefused(() => decide(context, wanted, admitted[index], outlook)),
  );
  const taken = new Set<string>();
  const alone = orders.map((order) => {
    if (order === undefined || taken.has(order.subject) || taken.has(order.orderId)) return undefined;
    taken.add(order.subject).add(order.orderId);
    return order;
  });
  const all = alone.filter((order) => order !== undefined);
  const committed = all.length === 0 ? new Set() : await store.commit(all);

  return alone.map((order): Issued | undefined => {
    if (order === undefined || !committed.has(order.orderId)) return undefined;
    const { orderId, buyer, nonce, cumulativeCap, validFrom, validUntil } = order;
    const voucher = { number: 1, validFrom, validUntil };
    return { order: { orderId, buyer, nonce, cumulativeCap, voucher }, replayed: false };
  });
}

/** What a first order of this person says; undefined or thrown where there is a reason against it. */
function decide(
  context: Context,
  { buyer, nonce, cumulativeCap, principal, key }: PlacedOrder,
  admitted: ({ newcomer: Newcomer } & ReturnType<typeof admit>) | undefined,
  outlook: Pick<Outlook, "now" | "snapshot" | "standing">,
): FirstOrder | undefined {
  if (admitted === undefined) return undefined;
  const { newcomer, person, tier } = admitted;
  const { record } = context;
  const { snapshot } = outlook;
  checkWindows(context, tier, snapshot);
  if (nonce !== (snapshot.head.get(buyer)?.nonce ?? 0n)) return undefined;
  const paid = exposureOf({ wallets: person.wallets, snapshot, caps: new Map() });
  checkCap(context, { cap: cumulativeCap, buyer, tier, exposure: paid, outlook });
  return {
    ...{ subject: newcomer.subject, version: newcomer.version, principal: principal.id, key, buyer, nonce },
    orderId: fastOrderId({ chainId: record.chainId, sale: record.sale, principal: principal.id, key }),
    ...{ cumulativeCap, fromBlock: fromBlockOf(record, snapshot) },
    ...windowOf(context, tier, outlook),
  };
}

function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof SignerError) return undefined;
    throw error;
  }
}
