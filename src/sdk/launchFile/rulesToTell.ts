import type { Problem } from "../problem.ts";

/** Fields that a rule compares beside the one it is told of, by the path of that one with `*` for places in lists. */
const COMPARED: Record<string, readonly string[]> = {
  "token.name": ["token.existing"],
  "token.supply": ["sale.price", "sale.hardCap", "listing", "payout.fee", "vesting.allocations"],
  "sale.hardCap": ["sale.price", "listing", "payout.fee"],
  "sale.softCap": ["sale.price", "sale.hardCap", "listing", "payout.fee"],
  "sale.minPurchase": ["sale.price", "sale.hardCap"],
  "sale.closesAt": ["sale.opensAt"],
  "listing.deadline": ["sale.opensAt", "sale.closesAt", "listing.delay"],
  "listing.price": ["sale.price", "sale.softCap", "listing", "payout.fee"],
  "listing.liquidity": ["listing.venue"],
  "listing.venue": ["token.existing"],
  "payout.fee": ["sale.softCap"],
  "vesting.buyers.cliff": ["vesting.buyers.over"],
  "vesting.allocations.*.schedule.cliff": ["vesting.allocations.*.schedule.over"],
  "roles.signer": ["sale.voucherRequired", "roles.owner"],
  "policy.tiers.*.personCap": ["sale.hardCap", "sale.minPurchase", "roles.signer"],
  "policy.tiers.*.opensAt": ["sale.opensAt", "sale.closesAt"],
  "policy.tiers.*.closesAt": ["sale.opensAt", "sale.closesAt", "policy.tiers.*.opensAt"],
  "policy.tiers.*.voucherLife": ["roles.signer"],
};
/** Every amount is read by these. */
const UNITS = ["sale.currency", "token.decimals", "token.symbol"];

/** Of the rules that are broken those that compare nothing unreadable: a field that could not be read would break them as well. */
export function rulesToTell(unread: readonly Problem[], broken: readonly Problem[]): Problem[] {
  return broken.filter(({ field }) => {
    const compared = COMPARED[general(field)] ?? [];
    return !unread.some(({ field: other }) =>
      [general(field), ...compared, ...UNITS].some((path) => overlap(path, general(other))),
    );
  });
}

function general(path: string): string {
  return path.replace(/\.\d+(?=\.|$)/g, ".*");
}

/** One is the other, or part of it. */
function overlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
