import { pageError } from "../errors/pageErrors.ts";

/** Runs `work` unless another tab of this page is at it; throws `purchase-busy` then. */
export async function oneTab<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Browsers offer locks on secure origins only (https, localhost); elsewhere the nonce alone keeps order.
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks === undefined) return work();
  return locks.request(`slipway:${name}`.toLowerCase(), { ifAvailable: true }, (lock) => {
    if (lock === null) throw pageError("purchase-busy");
    return work();
  });
}
