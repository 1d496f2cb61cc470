import type { Hex } from "viem";

/** Views of the page, by the part of its address after `#`: static files need no server that knows paths. */
export type Route =
  { view: "sale" } | { view: "launches" } | { view: "operator" } | { view: "order"; orderId: Hex };

/** What is no view's is a place within the sale's, such as `#buy`. */
export function routeOf(hash: string): Route {
  const orderId = /^#\/orders\/(0x[0-9a-fA-F]{64})$/.exec(hash)?.[1];
  if (orderId !== undefined) return { view: "order", orderId: orderId.toLowerCase() as Hex };
  if (hash === "#/launches") return { view: "launches" };
  return { view: hash === "#/operator" ? "operator" : "sale" };
}

/** Where a receipt is found by anybody. */
export function orderHref(orderId: Hex): string {
  return `#/orders/${orderId}`;
}
